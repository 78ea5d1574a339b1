from tests.processes import smtp_server, smtp_sink, worker, workers

__all__ = ["smtp_server", "smtp_sink", "worker", "workers"]
