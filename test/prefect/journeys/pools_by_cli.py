"""Work pools by the CLI: made, listed, limited, paused, described, previewed, deleted; a name is given once."""

from journey import TAG, prefect, says, says_not

POOL = f"pool-{TAG}"

says(prefect("work-pool", "create", POOL, "--type", "process"), "Created work pool", POOL)
says(prefect("work-pool", "create", POOL, "--type", "process", fails=True), "already")
says(prefect("work-pool", "ls"), POOL, "process")

prefect("work-pool", "set-concurrency-limit", POOL, "3")
prefect("work-pool", "pause", POOL)
prefect("work-pool", "update", POOL, "--description", "for the night")
says(prefect("work-pool", "inspect", POOL), "concurrency_limit=3", "is_paused=True", "for the night", "default_queue_id")

prefect("work-pool", "clear-concurrency-limit", POOL)
prefect("work-pool", "resume", POOL)
says_not(prefect("work-pool", "inspect", POOL), "concurrency_limit=", "is_paused=True")

prefect("work-pool", "preview", POOL)
prefect("work-pool", "delete", POOL)
prefect("work-pool", "inspect", POOL, fails=True)
says_not(prefect("work-pool", "ls"), POOL)
