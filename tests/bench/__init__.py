"""How fast it is: `python -m tests.bench`, behind `make bench`.

servers     a Postgres, a broker and the shipped web server of its own, on this machine only
ops         what people do, as requests
browser     one signed-in reader over HTTP
drive       the same thing again and again for some seconds, alone or four at once
statements  how many SQL statements each takes
figures     what the times say
page        docs/benchmarks.md
"""
