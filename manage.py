#!/usr/bin/env python
import os
import sys
import traceback

from django.core.management import execute_from_command_line

TRY_AGAIN = 75


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerdesk.settings")
    try:
        execute_from_command_line(sys.argv)
    except BaseException as error:
        if sys.argv[1:2] != ["receive_mail"] or (isinstance(error, SystemExit) and error.code in {0, None, TRY_AGAIN}):
            raise
        # A mail server takes what it does not know for a refusal: a setting that is missing must bounce no mail.
        traceback.print_exc()
        sys.exit(TRY_AGAIN)


if __name__ == "__main__":
    main()
