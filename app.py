"""The front door: the server with its routes, and the script it runs for every visitor.

``streamlit run app.py`` imports this file to find ``app``, then runs it as a script on each rerun.
"""

import streamlit as st

from ui import server, shell, workarounds

if __name__ == "__main__":
    shell.main()
else:
    workarounds.pages_from_navigation()
    app = st.App("app.py", routes=server.routes(), lifespan=server.lifespan)
