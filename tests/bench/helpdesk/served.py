"""As many processes and threads as ours has."""

wsgi_app = "django.core.wsgi:get_wsgi_application()"
worker_class = "gthread"
workers, threads = 2, 4
preload_app = True
timeout = 300
control_socket_disable = True
loglevel = "warning"
