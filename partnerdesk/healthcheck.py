"""`python partnerdesk/healthcheck.py`: what the image's HEALTHCHECK runs. Exit code 0 when the web server answers.

It asks under the portal's own name, because Django refuses names it does not know, and without a proxy between.
Run as a plain script: importing the package would load half of Celery every few seconds.
"""

import os
import urllib.request
from urllib.parse import urlsplit

HOST = urlsplit(os.environ.get("SITE_URL", "http://localhost:8000")).netloc
PORT = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]


def ask() -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/healthz", headers={"Host": HOST})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=4)


if __name__ == "__main__":
    ask()
