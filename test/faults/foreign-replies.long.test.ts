import { FRONTS, KINDS, testForeignReplies } from './world/foreign.ts';

testForeignReplies(KINDS, FRONTS);
