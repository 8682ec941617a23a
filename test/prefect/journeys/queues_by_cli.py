"""Work queues by the CLI: made with a priority and a limit, listed, paused, previewed, deleted."""

from journey import TAG, api, prefect, says, says_not

POOL, QUEUE = f"pool-{TAG}", f"fast-{TAG}"

prefect("work-pool", "create", POOL, "--type", "process")
says(prefect("work-queue", "create", QUEUE, "--pool", POOL, "--priority", "1", "--limit", "5"), QUEUE)
says(prefect("work-queue", "create", QUEUE, "--pool", POOL, fails=True), "already exists")
says(prefect("work-queue", "ls", "--pool", POOL), QUEUE, "default")
says(prefect("work-queue", "ls"), QUEUE)
says(prefect("work-queue", "inspect", QUEUE, "--pool", POOL), "concurrency_limit=5")
# The default queue had priority 1, and moves back.
priorities = {queue.name: queue.priority for queue in api().read_work_queues(work_pool_name=POOL)}
assert priorities == {QUEUE: 1, "default": 2}, priorities

prefect("work-queue", "set-concurrency-limit", QUEUE, "7", "--pool", POOL)
prefect("work-queue", "pause", QUEUE, "--pool", POOL)
says(prefect("work-queue", "inspect", QUEUE, "--pool", POOL), "concurrency_limit=7", "is_paused=True")
prefect("work-queue", "clear-concurrency-limit", QUEUE, "--pool", POOL)
prefect("work-queue", "resume", QUEUE, "--pool", POOL)
says_not(prefect("work-queue", "inspect", QUEUE, "--pool", POOL), "concurrency_limit=", "is_paused=True")

prefect("work-queue", "preview", QUEUE, "--pool", POOL)
prefect("work-queue", "delete", QUEUE, "--pool", POOL)
prefect("work-queue", "inspect", QUEUE, "--pool", POOL, fails=True)
