"""The web server's limits, the same in the image and in the local start; gunicorn finds this file by its name."""

import os
from pathlib import Path

from partnerdesk import logs

wsgi_app = "partnerdesk.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))  # of each worker; each thread keeps one database connection
preload_app = True  # loaded once, shared by the workers: half the start, less memory

timeout = 60  # seconds a worker may be silent; an upload of 25 MB over a slow line is read by a thread of its own
graceful_timeout = 25  # seconds for requests under way when told to stop
keepalive = 5
max_requests = 20_000  # a worker begins anew now and then, so that nothing can grow for ever
max_requests_jitter = 2_000
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"  # the heartbeat must not wait for a disk

control_socket_disable = True  # it wants a home folder, and nobody steers the server that way
accesslog = None  # logs.RequestIdMiddleware writes one line a request
# gunicorn adds loggers with handlers of its own where none are named
logconfig_dict = logs.as_dict("INFO") | {"loggers": {"gunicorn.error": {"level": "INFO"}}}

# No page may hold a connection longer, in milliseconds; libpq reads this, so it binds the web alone, not the worker.
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=20000 -c idle_in_transaction_session_timeout=60000")
