import { testColumn } from './table/test-cells.ts';

testColumn('agent clock an hour off');
