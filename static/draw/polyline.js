// Lines through many points of a canvas.

/**
 * Draw straight lines from each point to the next.
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} points
 * @param {string} color @param {number} width
 */
export function drawPolyline(context, points, color, width) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}
