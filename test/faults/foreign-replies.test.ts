import { FRONTS, testForeignReplies } from './world/foreign.ts';

// foreign-replies.long.test.ts has all kinds.
testForeignReplies(['a page', 'a field of another type'], FRONTS.slice(0, 1));
