/**
 * Where dibs answers otherwise on purpose. The one list: the comparison fails for a difference that is
 * not here and for one that is here and gone, and docs/prefect.md is checked against it.
 */
export interface WantedDifference {
  /** A sentence for users: it stands in docs/prefect.md. */
  readonly reason: string;
  /** `scenario / case`; `*` stands for any text. Each one must still differ. */
  readonly where: readonly string[];
  /** Only there in the answer: `status`, `body.state.*`. Default: anywhere in it. */
  readonly at?: readonly string[];
}

export const DIFFERENCES: readonly WantedDifference[] = [
  {
    reason:
      'A run that has ended does not become PENDING again, nor with `force`: a worker that polled it before would execute it twice. Make it SCHEDULED first, as `prefect flow-run retry` does.',
    where: [
      '* / COMPLETED to PENDING*',
      '* / FAILED to PENDING*',
      '* / CRASHED to PENDING*',
      'with force: * / CANCELLED to PENDING*',
    ],
  },
  {
    reason: 'A run that has ended becomes RUNNING again only by who had claimed it last.',
    where: ['* / CANCELLED to RUNNING*'],
  },
  {
    reason:
      'A run that has ended does not become CANCELLING, nor with `force`: nobody would end that.',
    where: [
      'with force: * / COMPLETED to CANCELLING*',
      'with force: * / FAILED to CANCELLING*',
      'with force: * / CRASHED to CANCELLING*',
      'with force: * / CANCELLED to CANCELLING*',
    ],
  },
  {
    reason:
      'What one worker has claimed, no other starts, submits or ends, with `force` neither: ABORT. Callers that name no worker count as users, and may cancel, end and reschedule.',
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
      'A run is Late from 15 s after its time on, whenever it is read; Prefect has a service that sets it Late some seconds later, which the recorded server ran without.',
    where: ['late runs / its state'],
    at: ['body.state_name'],
  },
  {
    reason:
      'A proposal sent again with its `transition_id` gets the answer of the first time, while the claim it belonged to is current or was ended by it. Prefect says REJECT, and only if it was the latest.',
    where: [
      'the states of a run / claim again with the same transition',
      'the states of a run / running again with the same transition',
      'the states of a run / an old transition again',
      'the states of a run / completed again with the same transition',
    ],
    at: ['body.status', 'body.details*', 'body.state'],
  },
  {
    reason: 'A state whose proposal had a `transition_id` has it as its id.',
    where: ['the states of a run / *'],
    at: ['body.state.id', 'body.state_id', 'body.*.id'],
  },
  {
    reason:
      'Limits of pools and queues hold at the claim: one too many gets REJECT with AwaitingConcurrencySlot. In Prefect they only bound what a poll shows.',
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
      'AwaitingConcurrencySlot is told and not stored, so the status is 200: the run stays Scheduled and keeps its place in the queue. Prefect puts it off for 30 seconds.',
    where: ['limits of deployments / the second waits', 'limits of deployments / it is scheduled'],
    at: ['status', 'body.state_name'],
  },
  {
    reason: 'RUNNING without a claim before it is a claim, and needs a slot of every limit.',
    where: ['limits of deployments / the third runs without a claim'],
  },
  {
    reason: 'The limit of a deployment has the id of the deployment.',
    where: [
      'limits of deployments / *',
      'limits that cancel / a deployment',
      'changing and deleting a deployment / has the limit',
    ],
    at: ['body.global_concurrency_limit.id'],
  },
  {
    reason:
      'JSON comes back as it was written: `1e3` and `2.50` stay what they are, as `1.0` and integers of any size do.',
    where: ['numbers stay as they are / create with numbers written otherwise'],
  },
  {
    reason:
      'A run that waits in its queue becomes CANCELLED at once: nobody holds it, whatever `infrastructure_pid` says. The message of the proposal is kept.',
    where: [
      'rules about states / CANCELLING with infrastructure',
      'rules about states / CANCELLING without infrastructure',
    ],
    at: ['body.status', 'body.details', 'body.state', 'body.state.message'],
  },
  {
    reason: 'A line of a log was created when it says so.',
    where: ['logs / whole'],
    at: ['body.*.created', 'body.*.updated'],
  },
  {
    reason: 'A queue that is created paused is PAUSED at once.',
    where: ['work queues / create with everything'],
    at: ['body.status'],
  },
  {
    reason:
      'null for the description or the priority of a queue leaves it as it is; Prefect says 409.',
    where: ['changing a work queue by * / * to null'],
    at: ['status'],
  },
  {
    reason:
      'A work queue keeps its name: whoever polls asks for it by that, and its runs and limits are kept under it.',
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
      'No two queues of a pool have one priority: a queue that gets the priority of another pushes that one back, and those behind it as far as they must. Prefect does so for smaller numbers only, and else leaves two at the same.',
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
      'The heartbeat interval of a worker is the one that it is judged by: 30 seconds where it says none, or less.',
    where: ['workers / whole'],
    at: ['body.*.heartbeat_interval_seconds'],
  },
  {
    reason: 'A run in a poll names its work pool, as it does wherever else it is shown.',
    where: ['polls / whole'],
    at: ['body.*.flow_run.work_pool_id', 'body.*.flow_run.work_pool_name'],
  },
  {
    reason: 'A body may be left out wherever each of its fields may.',
    where: ['runs of a deployment / no body', 'artifacts / no body'],
    at: ['status'],
  },
  {
    reason:
      'Names of deployments, runs and variables, and idempotency keys, have at least one character; a state without a name is named like its type, and a name has at most 200.',
    where: [
      'create variables / a name of nothing',
      'deployments / with an empty name',
      'runs of a flow / with an empty name',
      'idempotency keys / an empty key',
      'proposals / an empty name',
      'proposals / a long name',
    ],
  },
  {
    reason: 'A pause without a `pause_key` leaves none in `pause_keys`; Prefect makes one up.',
    where: ['* / * to PAUSED, then', '* / PAUSED to *'],
    at: ['body.empirical_policy.pause_keys*'],
  },
  {
    reason:
      'A run that goes on where it paused goes on as the same run: `run_count` stays, and it is not `resuming` once it runs or has ended.',
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
      'A run that is scheduled while its process waits in a pause forgets that pause: nobody answered, so the next process asks again.',
    where: ['how pauses end / SCHEDULED afterwards'],
    at: ['body.empirical_policy*'],
  },
  {
    reason:
      'The details of a REJECT are `reject_details`, also where what a paused run waits for is refused.',
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
      '`retry_type` tells of a retry that its engine waits out (`in_process`), and of nothing else.',
    where: [
      'pauses / keys of another life',
      '* / * to SCHEDULED, then',
      'rules about states / its retry',
    ],
    at: ['body.empirical_policy.retry_type'],
  },
  {
    reason:
      'A run that is claimed names its worker and its pool in its labels, before the worker does.',
    where: ['the states of a run / is running', 'the states of a run / is completed'],
    at: ['body.labels*', 'body.work_pool_id'],
  },
  {
    reason:
      'A first limit counts what is held already: those runs take its slots. In Prefect they do not.',
    where: ['changing and deleting a deployment / has the limit'],
    at: ['body.global_concurrency_limit.active_slots'],
  },
  {
    reason:
      'Runs outlive their deployment and their flow: those that wait are cancelled and stay on record. Prefect deletes them.',
    where: [
      'changing and deleting a deployment / its scheduled run',
      'changing and deleting a flow / its run',
    ],
  },
  {
    reason:
      'A run has its id from its idempotency key, if it has one: deleted and created again it has the same.',
    where: ['idempotency keys / the key of a deleted run'],
    at: ['body.id'],
  },
  {
    reason:
      "A queue that is named without a pool is one of the deployment's own pool. Prefect moves the deployment to `default-agent-pool`.",
    where: ['changing and deleting a deployment / has the queue'],
    at: ['body.work_pool_name'],
  },
  {
    reason:
      'A deployment in the default queue of its pool is found by the name of that queue, too. Prefect finds it only if the queue was named.',
    where: ['listing deployments / by queue'],
    at: ['body.length'],
  },
  {
    reason: "What Prefect 2's clients send of a deployment under names of their own is understood.",
    where: ['deployments / with keys of Prefect 2.20'],
  },
  {
    reason:
      'Retries may wait for parts of a second, or each for its own time; Prefect takes whole seconds.',
    where: [
      'runs of a deployment / with half a second between retries',
      'runs of a deployment / with retry delays',
    ],
  },
  {
    reason: 'Labels that are null are none: `{}`.',
    where: ['flows / with labels of null'],
    at: ['body.labels'],
  },
  {
    reason:
      'Log lines are looked up by their flow runs, or by task runs that the server was told of; otherwise 422.',
    where: ['logs / of a task'],
  },
  {
    reason: 'A change of a schedule that names no parameters leaves them; Prefect empties them.',
    where: ['changes of schedules / with its parameters'],
  },
  {
    reason: '`schedules: null` says nothing of them; Prefect refuses it (422).',
    where: ['schedules by their slugs / null'],
  },
  {
    reason:
      'Names of pools, queues, limits and inputs of runs have no `?` (422). Prefect’s clients send it in an address as it is, where it ends the path: deleting a queue of `etl?` would delete the pool `etl`.',
    where: [
      'work pools of odd names / create a?b',
      'work queues / create a?b',
      'queues without a pool / odd names',
    ],
  },
  {
    reason:
      'Nothing with `?`, `/` or `%` in its name is found by that name: API Gateway decodes an address before it looks for the route, and cuts it there. Its id finds it, or a filter.',
    where: [
      '* / read a?b',
      '* / by name a?b',
      'queues without a pool / odd names by name',
      'workers / delete an odd name',
      'workers / who is left',
    ],
  },
];
