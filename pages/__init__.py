"""The pages: each is a folder, so that Streamlit never finds them without the shell around them."""
