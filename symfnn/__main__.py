"""``python -m symfnn``: the command line where the script is not on the path."""

from symfnn.cli import main

if __name__ == "__main__":
    main()
