import { comesTwice } from '../injectors/delivered-twice.ts';
import {
  failsInDatabase,
  killsServer,
  losesReply,
  losesReplyOfDatabase,
  losesRequest,
} from '../injectors/injectors.ts';
import { seesStaleIndex } from '../injectors/stale-index.ts';
import type { SceneName } from '../world/scenes.ts';
import type { MessageCells } from './table.ts';

/** The number of tries of store/dynamo/dynamo.ts. */
const ALL_TRIES = 8;

/** The cells that are the same for every place: the step of that place with each fault. */
export function messageCells(name: SceneName): MessageCells {
  return {
    'reply lost, agent and server': {
      tests: { 'each reply in turn is asked for again': losesReply(name) },
    },
    'reply lost, server and database': {
      tests: { 'each reply of DynamoDB in turn is no second effect': losesReplyOfDatabase(name) },
    },
    'request lost': { tests: { 'each request in turn is sent again': losesRequest(name) } },
    'request delivered twice, late': {
      tests: {
        'at once, after the run went to another, and after its end: it changes nothing':
          comesTwice(name),
      },
    },
    'throttled by the database': {
      tests: {
        'each call in turn fails for good, and the caller asks again': failsInDatabase(
          name,
          'throttled',
          1,
        ),
      },
    },
    'transaction conflict': {
      tests: {
        'each write in turn meets one, and goes again': failsInDatabase(name, 'conflict', 1),
        'each write in turn meets nothing else, and the caller asks again': failsInDatabase(
          name,
          'conflict',
          ALL_TRIES,
        ),
      },
    },
    'index 5 s stale': {
      tests: { 'who reads it meanwhile does no harm': seesStaleIndex(name) },
    },
    'server killed between two writes': {
      tests: { 'after each write in turn, and another process goes on': killsServer(name) },
    },
  };
}
