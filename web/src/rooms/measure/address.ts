/* Where one figure is opened: of a period ("all": of all time), perhaps of one group of a grouping. */
export const addressOf = (pack: string, id: string, period: string, by = '', group = '') =>
    ['#/indicators', pack, id, period || 'all', ...(by && group ? [by, encodeURIComponent(group)] : [])].join('/');
