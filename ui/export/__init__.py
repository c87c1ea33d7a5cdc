"""What leaves the app: workbooks, decks and documents."""
