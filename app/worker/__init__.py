"""The worker process, which holds the runs of many pages and lets each train in turn.

It may import live, wire, process. Begin with `worker.py`. What starts, watches and restarts it is
`app/sessions/worker_pool.py`.
"""
