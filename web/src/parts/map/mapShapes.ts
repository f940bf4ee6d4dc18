/* Signs on the map, drawn once per theme: late is a triangle, soon a diamond, in time a disc, no clock a ring; units are
 * squares, hollow when free. Shape and colour say the same thing twice. */
import type { Map as MapLibre } from 'maplibre-gl';
import { token } from '@/lib/theme';

const SIZE = 36; /* of a picture at pixel ratio 2 */
const C = SIZE / 2;

type Draw = (g: CanvasRenderingContext2D) => void;

const polygon = (...points: [number, number][]): Draw => (g) => {
    g.beginPath();
    for (const [x, y] of points) g.lineTo(x, y);
    g.closePath();
};
const disc = (r: number): Draw => (g) => {
    g.beginPath();
    g.arc(C, C, r, 0, 2 * Math.PI);
};
const square = (half: number) => polygon([C - half, C - half], [C + half, C - half], [C + half, C + half], [C - half, C + half]);

function picture(path: Draw, fill: string, edge: string, width: number): ImageData {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = SIZE;
    const g = canvas.getContext('2d')!;
    g.lineJoin = 'round';
    path(g);
    g.lineWidth = width + 4;
    g.strokeStyle = token('map-district');
    g.stroke();
    path(g);
    g.fillStyle = fill;
    g.fill();
    g.lineWidth = width;
    g.strokeStyle = edge;
    g.stroke();
    return g.getImageData(0, 0, SIZE, SIZE);
}

export function addShapes(map: MapLibre) {
    const ground = token('map-district');
    const pictures: Record<string, ImageData> = {
        late: picture(polygon([C, 4], [33, 31], [3, 31]), token('late'), token('late'), 1),
        soon: picture(polygon([C, 4], [32, C], [C, 32], [4, C]), token('soon'), token('soon'), 1),
        fine: picture(disc(9), token('fine'), token('fine'), 1),
        none: picture(disc(8), ground, token('idle'), 4),
        free: picture(square(7), ground, token('accent'), 3),
        sent: picture(square(8), token('accent'), token('accent'), 2),
        on_scene: picture(square(9), token('accent'), token('ink'), 4),
        off: picture(square(6), token('idle-soft'), token('idle'), 2),
    };
    for (const [id, data] of Object.entries(pictures)) {
        if (map.hasImage(id)) map.updateImage(id, data);
        else map.addImage(id, data, { pixelRatio: 2 });
    }
}
