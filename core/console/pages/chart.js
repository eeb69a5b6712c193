// SPDX-License-Identifier: Apache-2.0
//
// chart.js - two small pictures as SVG.  Both are hidden from screen readers, which
// get the table that stands beside.
import { h } from './dom.js';

// How much of 'whole' is used; 'mark' is a second line (what renkei may use).
export function meter(used, whole, mark) {
	const share = v => Math.max(0, Math.min(100, whole > 0 ? 100 * v / whole : 0));
	const tone = share(used) >= 90 ? 'bad' : share(used) >= 70 ? 'warn' : 'good';
	return h('svg', { class: 'meter', viewBox: '0 0 100 8', preserveAspectRatio: 'none',
		'aria-hidden': 'true', focusable: 'false' },
		h('rect', { class: 'ground', width: 100, height: 8 }),
		h('rect', { class: tone, width: Math.max(share(used), used > 0 ? 0.7 : 0), height: 8 }),
		mark < whole && h('line', { class: 'mark', x1: share(mark), x2: share(mark), y1: 0, y2: 8 }));
}

// Bars from left to right; each is [{ value, tone }...] from the ground up.
export function bars(columns) {
	const most = Math.max(1, ...columns.map(c => c.reduce((sum, p) => sum + p.value, 0)));
	const step = 100 / Math.max(columns.length, 12);
	return h('svg', { class: 'bars', viewBox: '0 0 100 40', preserveAspectRatio: 'none',
		'aria-hidden': 'true', focusable: 'false' },
		h('line', { class: 'axis', x1: 0, x2: 100, y1: 39.7, y2: 39.7 }),
		columns.map((parts, i) => {
			let top = 39.5;
			return parts.filter(p => p.value > 0).map(p => {
				const tall = Math.max(0.8, 38 * p.value / most);
				top -= tall;
				return h('rect', { class: p.tone, x: i * step + step * 0.12, y: top,
					width: step * 0.76, height: tall });
			});
		}));
}
