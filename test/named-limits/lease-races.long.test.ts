import { ALL_VERBS, raceVerbs } from './races.ts';

raceVerbs(ALL_VERBS, ALL_VERBS);
