import type { Run } from './run.ts';

/**
 * A run that was given no name gets one that follows from its id, such as `brisk-otter`, so that
 * nothing has to be stored. NEVER edit these lists: the names of all existing runs would change.
 */
const ADJECTIVES =
  'able agile amber ample azure balmy bold brave breezy bright brisk calm candid clever copper cosmic crisp curious daring dapper deft eager early earnest fair fancy fearless fleet fluent fond frank fresh gentle gilded glad golden grand happy hardy hasty honest humble ivory jolly keen kind lively loyal lucid lunar merry mighty mild modest neat nimble noble polite proud quick quiet rapid ready royal sturdy'.split(
    ' ',
  );
const ANIMALS =
  'adder albatross alpaca ant auk badger bat bear beaver bee bison boar bunting camel caribou carp cat cheetah civet cobra cod condor coyote crab crane cricket crow deer dingo dolphin dove duck eagle eel egret elk falcon ferret finch fox frog gannet gecko gibbon goose grouse gull hare hawk heron ibex ibis jackal jay kestrel kiwi koala lark lemur lion llama lynx magpie marten'.split(
    ' ',
  );

export function runName(run: Pick<Run, 'id'> & Partial<Pick<Run, 'name'>>): string {
  if (run.name !== undefined) return run.name;
  // The last digits of an id are random, whether it is a UUIDv7 or a UUIDv5.
  const bits = Number.parseInt(run.id.slice(-6), 16);
  const adjective = ADJECTIVES[bits % ADJECTIVES.length];
  const animal = ANIMALS[Math.floor(bits / ADJECTIVES.length) % ANIMALS.length];
  return `${adjective}-${animal}`;
}
