"""One page through Papermill: engine, bake, pool, cluster."""
