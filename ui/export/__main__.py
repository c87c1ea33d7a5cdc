"""Write slides, a workbook or a picture from the command line: ``python -m ui.export deck --out deck.pptx``."""

import gc
import os
import sys

if __name__ == "__main__":
    # The process ends with its one command; looking for waste is a quarter of its time, loading included.
    gc.disable()
    from ui.export.command import main

    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is written; to take a heap of this size apart would take another second.
    os._exit(code)
