"""Artifacts that flows and tasks leave, by the client's functions and the CLI."""

import subprocess
import sys

from journey import DIR, TAG, flow_file, prefect, says

KEY = f"k-{TAG}".lower().replace("_", "-")

program = flow_file(f"""
from prefect import flow, task
from prefect.artifacts import (
    Artifact,
    create_image_artifact,
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

@task
def of_a_task():
    create_markdown_artifact(key="{KEY}", markdown="# of a task")

@flow
def leaves():
    create_markdown_artifact(key="{KEY}", markdown="# first", description="d")
    of_a_task()
    create_table_artifact(key="{KEY}-table", table=[{{"a": 1}}, {{"a": None}}])
    create_link_artifact(key="{KEY}-link", link="https://example.com")
    create_image_artifact(key="{KEY}-image", image_url="https://example.com/x.png")
    progress = create_progress_artifact(key="{KEY}-progress", progress=0.0)
    update_progress_artifact(artifact_id=progress, progress=75.0)
    assert Artifact.get("{KEY}").data == "# of a task"
    assert Artifact.get("{KEY}-progress").data == 75.0
    assert Artifact.get("{KEY}-none") is None

leaves()
""")
done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120, cwd=DIR)
assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

says(prefect("artifact", "ls"), f"{KEY}-table")
says(prefect("artifact", "inspect", KEY), "# of a task")
says(prefect("artifact", "inspect", KEY), "# first")
prefect("artifact", "delete", f"{KEY}-link")
prefect("artifact", "inspect", f"{KEY}-link", fails=True)
