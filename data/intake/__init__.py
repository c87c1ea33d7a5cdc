"""What officers write in place of the template's codes, read only where it can mean one thing."""
