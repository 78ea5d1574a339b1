"""The whole portal on one machine without Docker: own Postgres and Valkey, worker, clock, mail and pages.

For trying it out, for development and for the tests. Production uses docker-compose.yml and none of this.

    environment   makes .venv; runs before anything is installed
    processes     children that never outlive their starter
    places        what lies where, and who holds it
    running       whether it runs already, and where
    postgres      the database server, out of its wheel or the machine's own
    valkey        the broker, likewise
    mail          where mail lands when no EMAIL_URL is set
    prepare       migrations, the pages' files, the demo
    site          everything in order, and down again
    check         what `make check` looks at
"""
