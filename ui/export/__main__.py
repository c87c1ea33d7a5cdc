"""Write slides, a workbook or a picture from the command line: ``python -m ui.export deck --out deck.pptx``."""

import gc
import sys

if __name__ == "__main__":
    # The process ends with its one command; looking for waste is a quarter of its time, loading included.
    gc.disable()
    from ui.export.command import main

    sys.exit(main())
