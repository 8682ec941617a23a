import type { FaultyProxy } from '../../support/faulty-proxy.ts';
import { atEveryPlace, type Injector } from '../table/every-place.ts';
import type { SceneName } from '../world/scenes.ts';
import type { World } from '../world/world.ts';
import { type DatabaseFault, FaultyDatabase } from './faulty-database.ts';

/** Loses one message on its way through a proxy. */
function losing(what: 'request' | 'reply', proxyOf: (world: World) => FaultyProxy) {
  return (world: World): Injector => {
    const proxy = proxyOf(world);
    let struck = false;
    return {
      arm: (nth) => {
        let before = nth;
        struck = false;
        proxy.meddle = () => {
          before -= 1;
          if (before !== 0) return undefined;
          struck = true;
          return { loses: what };
        };
      },
      disarm: () => {
        proxy.meddle = () => undefined;
        return struck;
      },
    };
  };
}

const toServer = (world: World) => world.proxy;
const toDatabase = (world: World) => world.databaseProxy;

export const losesReply = (name: SceneName) => () =>
  atEveryPlace(name, {}, losing('reply', toServer));

export const losesRequest = (name: SceneName) => () =>
  atEveryPlace(name, {}, losing('request', toServer));

/** The SDK retries, so the caller notices nothing. */
export const losesReplyOfDatabase = (name: SceneName) => () =>
  atEveryPlace(name, { databaseProxy: true, unheard: true }, losing('reply', toDatabase));

/**
 * Fails `times` in a row: as often as the store tries, it is a failure; once, it is only a delay.
 */
export const failsInDatabase = (name: SceneName, fault: DatabaseFault, times: number) => () => {
  const database = new FaultyDatabase();
  const unheard = fault === 'conflict' && times === 1;
  return atEveryPlace(name, { onClient: database.attach, unheard }, () => ({
    arm: (nth) => database.arm(fault, nth, times),
    disarm: () => database.disarm(),
  }));
};

/**
 * The server's process ends right after one of its writes, whatever it was about to do. Another
 * process serves the same table, and the caller sends its request there.
 */
export const killsServer = (name: SceneName) => () => {
  const database = new FaultyDatabase();
  return atEveryPlace(name, { onClient: database.attach }, (world) => ({
    arm: (nth) => database.arm('killed', nth),
    disarm: () => database.disarm(),
    during: async (step) => {
      const killed = database.killed.then(() => 'killed' as const);
      if ((await Promise.race([killed, step])) !== 'killed') return;
      await world.restartServer();
      world.proxy.hangUp();
      await step;
    },
  }));
};
