import { testColumn } from './test-cells.ts';

testColumn('agent clock an hour off');
