"""`python -m lingtan_web …`: Django's own commands, for those who run a deployment."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingtan_web.settings")
execute_from_command_line(sys.argv)
