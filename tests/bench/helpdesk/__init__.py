"""django-helpdesk beside us: installed from the package index into an environment of its own, filled with the same
tickets in the same Postgres, served by the same web server, and driven in turns with ours."""
