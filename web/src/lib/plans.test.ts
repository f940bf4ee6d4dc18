import { expect, test } from 'vitest';
import { plainRule } from './plans';

test('a simple rule is read, any other is shown as written', () => {
    expect(plainRule('FREQ=DAILY')).toEqual({ freq: 'DAILY', every: 1, weekdays: [], days: [] });
    expect(plainRule('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR')).toEqual({ freq: 'WEEKLY', every: 2, weekdays: ['MO', 'FR'], days: [] });
    expect(plainRule('FREQ=MONTHLY;BYMONTHDAY=1,-1')).toEqual({ freq: 'MONTHLY', every: 1, weekdays: [], days: [1, -1] });
    for (const rule of ['FREQ=WEEKLY', 'FREQ=MONTHLY;BYDAY=-1FR', 'FREQ=YEARLY;BYMONTH=3', 'FREQ=DAILY;COUNT=3', 'FREQ=MONTHLY;BYMONTHDAY=-2'])
        expect(plainRule(rule)).toBeNull();
});
