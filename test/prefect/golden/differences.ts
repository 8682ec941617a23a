import type { WantedDifference } from './wanted-difference.ts';

/**
 * The only list of the places where dibs answers otherwise on purpose. The comparison fails for a
 * difference that is not in this list, and for one in the list that no longer exists. A test checks
 * docs/prefect.md against this list.
 */
export const DIFFERENCES: readonly WantedDifference[] = [
  {
    reason:
      'A run that has ended cannot become PENDING again, not even with `force`: a worker that polled it before it ended would execute it twice. Make it SCHEDULED first, as `prefect flow-run retry` does.',
    where: [
      '* / COMPLETED to PENDING*',
      '* / FAILED to PENDING*',
      '* / CRASHED to PENDING*',
      'with force: * / CANCELLED to PENDING*',
    ],
  },
  {
    reason: 'Only the last claimant of a run that has ended can set it to RUNNING again.',
    where: [
      '* / CANCELLED to RUNNING*',
      'states of many runs / ended ones run again',
      'states of many runs / ended ones run again, forced',
    ],
  },
  {
    reason:
      'A run that has ended cannot become CANCELLING, not even with `force`: nothing would ever end that state.',
    where: [
      'with force: * / COMPLETED to CANCELLING*',
      'with force: * / FAILED to CANCELLING*',
      'with force: * / CRASHED to CANCELLING*',
      'with force: * / CANCELLED to CANCELLING*',
    ],
  },
  {
    reason:
      'A run that one worker has claimed cannot be submitted, started or ended by another worker, not even with `force`: the other worker gets ABORT. Callers that name no worker count as users, and may cancel, end and reschedule a run.',
    where: [
      'claims of workers / b submits',
      'claims of workers / a submits',
      'claims of workers / b starts it',
      'claims of workers / b starts what a runs',
      'claims of workers / b cancels it with force',
      'claims of workers / it runs',
      'claims of workers / b starts it after its end',
    ],
  },
  {
    reason:
      'A run is shown as Late from 15 s after its scheduled time, whenever it is read. In Prefect a separate service sets the state Late some seconds later; the recorded server ran without that service.',
    where: ['late runs / its state'],
    at: ['body.state_name'],
  },
  {
    reason:
      'A proposal sent again with its `transition_id` gets the same answer as the first time, as long as the claim that it belonged to is current or was ended by it. Prefect answers REJECT, and only if the proposal was the latest.',
    where: [
      'the states of a run / claim again with the same transition',
      'the states of a run / running again with the same transition',
      'the states of a run / an old transition again',
      'the states of a run / completed again with the same transition',
    ],
    at: ['body.status', 'body.details*', 'body.state'],
  },
  {
    reason: 'The deployment that a new run names (`deployment_id`) must exist.',
    where: ['runs with a deployment / of a deployment that is not there'],
    at: ['status'],
  },
  {
    reason: 'If a proposal has a `transition_id`, that becomes the id of the state.',
    where: ['the states of a run / *'],
    at: ['body.state.id', 'body.state_id', 'body.*.id'],
  },
  {
    reason:
      'Limits of pools and queues are enforced at the claim: a claim over the limit gets REJECT with AwaitingConcurrencySlot. In Prefect these limits only bound what a poll shows.',
    where: [
      'claims beyond limits / claim h2, its queue is full',
      'claims beyond limits / h2 then',
      'claims beyond limits / claim m2, the pool is full',
      'claims beyond limits / start m2 without a claim',
      'claims beyond limits / claim m2 again',
    ],
  },
  {
    reason:
      'AwaitingConcurrencySlot is returned but not stored, so the HTTP status is 200: the run stays Scheduled and keeps its place in the queue. Prefect postpones the run for 30 seconds.',
    where: ['limits of deployments / the second waits', 'limits of deployments / it is scheduled'],
    at: ['status', 'body.state_name'],
  },
  {
    reason:
      'Setting a run to RUNNING without claiming it first counts as a claim, and needs a slot of every limit that applies.',
    where: ['limits of deployments / the third runs without a claim'],
  },
  {
    reason: 'The concurrency limit of a deployment has the same id as the deployment.',
    where: [
      'limits of deployments / *',
      'limits that cancel / a deployment',
      'changing and deleting a deployment / has the limit',
    ],
    at: ['body.global_concurrency_limit.id'],
  },
  {
    reason:
      'Numbers in JSON come back as they were written: `1e3` and `2.50` stay as they are, and so do `1.0` and integers of any size.',
    where: ['numbers stay as they are / create with numbers written otherwise'],
  },
  {
    reason:
      'A run that waits in its queue becomes CANCELLED at once when it is cancelled, whatever its `infrastructure_pid` is, because nobody holds it. The message of the proposal is kept.',
    where: [
      'rules about states / CANCELLING with infrastructure',
      'rules about states / CANCELLING without infrastructure',
      'first states / cancel it',
    ],
    at: ['body.status', 'body.details', 'body.state*'],
  },
  {
    reason: 'A queue that is created paused has the status PAUSED at once.',
    where: ['work queues / create with everything'],
    at: ['body.status'],
  },
  {
    reason:
      'Statuses are true whenever they are read: a pool is READY while a worker or agent of it is alive, and a queue for a minute after a poll. In Prefect a service sets them back some time later; the recorded server ran without that service.',
    where: [
      'statuses of queues / was polled long ago',
      'statuses of pools / after its last worker',
    ],
    at: ['body.status'],
  },
  {
    reason:
      'Parameters without a schema that describes them are accepted. If the schema of a deployment is set to null while it is enforced, Prefect refuses every later change of its parameters (409).',
    where: ['parts of parameters / parameters then'],
    at: ['status'],
  },
  {
    reason:
      'Runs of active schedules are created as soon as their deployment is. The recorded server ran without its scheduler, so there only `POST /deployments/{id}/schedule` creates runs.',
    where: ['runs that schedules are asked for / *: how many'],
    at: ['body'],
  },
  {
    reason: 'Asking for the scheduled runs of a deployment that does not exist is a 404.',
    where: ['runs that schedules are asked for / one that is not there'],
    at: ['status'],
  },
  {
    reason:
      'Setting the description or the priority of a queue to null leaves it unchanged; Prefect answers 409.',
    where: ['changing a work queue by * / * to null'],
    at: ['status'],
  },
  {
    reason:
      'A work queue cannot be renamed: agents and workers poll it by its name, and its runs and limits are stored under that name.',
    where: [
      'changing a work queue by name / the name',
      'changing a work queue by name / the names now',
      'changing a work queue by id / the name',
      'changing a work queue by id / has the name',
      'changing a work queue by id / by the new name',
      'changing a work queue by id / by the old name',
      'changing a work queue by id / the name of another',
    ],
  },
  {
    reason:
      'No two queues of a pool have the same priority. A queue that takes the priority of another moves that one back, and the ones behind it as far as necessary. Prefect does this only when a queue moves to a smaller number, and otherwise leaves two queues with the same priority.',
    where: [
      'queue priorities / a is at 10',
      'queue priorities / b is last',
      'queue priorities / h takes the smallest free number',
      'queue priorities / the others stay where they are',
      'queue priorities / d is where i was',
    ],
    at: ['body.*.priority'],
  },
  {
    reason:
      'The heartbeat interval shown for a worker is the one that decides when it is OFFLINE: 30 seconds if the worker names none, or a shorter one.',
    where: ['workers / whole'],
    at: ['body.*.heartbeat_interval_seconds'],
  },
  {
    reason: 'A run in the response to a poll includes its work pool, as it does everywhere else.',
    where: ['polls / whole'],
    at: ['body.*.flow_run.work_pool_id', 'body.*.flow_run.work_pool_name'],
  },
  {
    reason: 'The request body may be omitted if all of its fields are optional.',
    where: ['runs of a deployment / no body', 'artifacts / no body'],
    at: ['status'],
  },
  {
    reason:
      'Names of variables have at least one character. A state without a name gets the name of its type; the name of a state has at most 200 characters.',
    where: [
      'create variables / a name of nothing',
      'proposals / an empty name',
      'proposals / a long name',
    ],
  },
  {
    reason: 'A pause without a `pause_key` adds none to `pause_keys`; Prefect makes one up.',
    where: ['* / * to PAUSED, then', '* / PAUSED to *'],
    at: ['body.empirical_policy.pause_keys*'],
  },
  {
    reason:
      'A run that continues where it paused counts as the same execution: `run_count` does not change, and `resuming` is false once the run is RUNNING or has ended.',
    where: [
      '* / PAUSED to *',
      'rules about states / counted once',
      'pauses / resumed',
      'pauses / two keys',
      'pauses / keys of another life',
      'how pauses end / failed',
      'how pauses end / COMPLETED afterwards',
      'how pauses end / FAILED afterwards',
      'how pauses end / CANCELLED afterwards',
      'how pauses end / CRASHED afterwards',
    ],
    at: ['body.empirical_policy.resuming', 'body.run_count'],
  },
  {
    reason:
      'The details of a REJECT have the type `reject_details`, also when the input for a paused run is refused.',
    where: [
      'inputs of paused runs / without what it asks for',
      'inputs of paused runs / with null',
      'inputs of paused runs / with what does not fit',
      'inputs of paused runs / without a schema',
      'inputs of paused runs / a schema that is no JSON',
    ],
    at: ['body.details'],
  },
  {
    reason:
      '`retry_type` says how the current execution came about, also if the run was rescheduled with `force`. Prefect does not set it then.',
    where: ['rules about states / is retried', 'with force: * / * to SCHEDULED, then'],
    at: ['body.empirical_policy.retry_type'],
  },
  {
    reason:
      'A run that is claimed has its worker and its pool in its labels right away, before the worker sets them.',
    where: ['the states of a run / is running', 'the states of a run / is completed'],
    at: ['body.labels*', 'body.work_pool_id'],
  },
  {
    reason:
      'A first limit counts the runs that are already held: they take its slots. In Prefect they do not.',
    where: ['changing and deleting a deployment / has the limit'],
    at: ['body.global_concurrency_limit.active_slots'],
  },
  {
    reason:
      'Runs outlive their deployment and their flow: waiting runs are cancelled and stay on record. Prefect deletes them.',
    where: [
      'changing and deleting a deployment / its scheduled run',
      'changing and deleting a flow / its run',
    ],
  },
  {
    reason:
      'If a run has an idempotency key, its id is derived from that key: a run that is deleted and created again has the same id.',
    where: ['idempotency keys / the key of a deleted run'],
    at: ['body.id'],
  },
  {
    reason:
      'If a deployment is given a queue without a pool, the queue belongs to the pool that the deployment already has. Prefect moves the deployment to `default-agent-pool`.',
    where: ['changing and deleting a deployment / has the queue'],
    at: ['body.work_pool_name'],
  },
  {
    reason:
      'A deployment in the default queue of its pool is also found by the name of that queue. Prefect finds it only if the queue was named explicitly.',
    where: ['listing deployments / by queue'],
    at: ['body.length'],
  },
  {
    reason: "The names that Prefect 2's clients use for some fields of a deployment are accepted.",
    where: ['deployments / with keys of Prefect 2.20'],
  },
  {
    reason:
      'Retry delays may be fractions of a second, or a list with one delay per retry; Prefect accepts whole seconds only.',
    where: [
      'runs of a deployment / with half a second between retries',
      'runs of a deployment / with retry delays',
    ],
  },
  {
    reason: 'Labels that are null become `{}`.',
    where: ['flows / with labels of null'],
    at: ['body.labels'],
  },
  {
    reason:
      'Log lines can be looked up by flow runs, or by task runs that the server knows; any other filter gets a 422.',
    where: ['logs / of a task'],
  },
  {
    reason: 'Changing a schedule without naming parameters keeps them; Prefect empties them.',
    where: ['changes of schedules / with its parameters'],
  },
  {
    reason: '`schedules: null` means no change; Prefect refuses it (422).',
    where: ['schedules by their slugs / null'],
  },
  {
    reason:
      "Names of pools, queues and limits and keys of run inputs may not contain `?` (422). Prefect's clients send it unencoded in the URL, where it ends the path: deleting a queue of the pool `etl?` would delete the pool `etl`.",
    where: [
      'work pools of odd names / create a?b',
      'work queues / create a?b',
      'queues without a pool / odd names',
    ],
  },
  {
    reason:
      'A record whose name contains `?`, `/` or `%` cannot be found by that name, because API Gateway decodes the URL before it matches the route, and cuts it there. Use its id or a filter.',
    where: [
      '* / read a?b',
      '* / by name a?b',
      'queues without a pool / odd names by name',
      'workers / delete an odd name',
      'workers / who is left',
    ],
  },
];
