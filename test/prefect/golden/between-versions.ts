import { BESIDE, REFERENCE } from './recordings.ts';
import type { WantedDifference } from './wanted-difference.ts';

/**
 * Where the two recorded versions of Prefect answer differently. dibs answers as the newer one does
 * (the tables of wanted differences apart).
 */
export const BETWEEN_VERSIONS: readonly WantedDifference[] = [
  {
    reason: `A poll shows the whole state of each run. In ${BESIDE} \`state\` is null there.`,
    where: ['polls / whole'],
    at: ['body.*.flow_run.state', 'body.*.flow_run.state_id'],
  },
  {
    reason: `If a run leaves a pause for SCHEDULED while its process waits for the answer, it begins anew: \`pause_keys\` is empty and \`retry_type\` is \`reschedule\`. In ${BESIDE} it remembers its pauses.`,
    where: [
      'how pauses end / SCHEDULED afterwards',
      'a run of a deployment that is PAUSED / PAUSED to SCHEDULED, then',
      'a run by hand that is PAUSED / PAUSED to SCHEDULED, then',
    ],
    at: ['body.empirical_policy.*'],
  },
  {
    reason: `A pause that has not fired deletes the inputs under the keys that it waits for. In ${BESIDE} the answer to an earlier pause is taken for the answer to this one.`,
    where: [
      'inputs of paused runs / what was stale',
      'inputs of paused runs / h is answered',
      'inputs of paused runs / the answer stays',
      'inputs of paused runs / what was stale at a suspension',
    ],
  },
  {
    reason: `Taking slots of no limit at all (\`names: []\`) is refused (422). In ${BESIDE} it is answered with an empty list.`,
    where: ['slots of limits by name / of no name'],
  },
];

/** For the page: what the table is about. */
export const TWO_VERSIONS = `${REFERENCE} is the reference. ${BESIDE} answers the recorded requests otherwise in these places only:`;
