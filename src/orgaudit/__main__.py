"""python -m orgaudit"""

from orgaudit.cli import main

main()
