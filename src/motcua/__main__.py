"""`python -m motcua` is the `motcua` command, also where the script is not on the PATH."""

from motcua.cli import main

main(prog_name="motcua")
