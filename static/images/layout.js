// The elements of the image page: made when a run with images is opened, so that other pages need not load them.

const SEEN = `
  <div class="seen">
    <div class="shown">
      <h2>Image <small>what goes in</small></h2>
      <canvas class="pad" tabindex="0" role="img"></canvas>
      <p class="caption" role="status"></p>
      <div class="pad-tools">
        <button type="button" class="quiet" data-act="draw" aria-pressed="false" title="Draw an image of your own with mouse, finger or pen">Draw</button>
        <button type="button" class="quiet" data-act="erase" aria-pressed="false" title="Rub out">Erase</button>
        <button type="button" class="quiet" data-act="clear" title="An empty image">Clear</button>
        <label title="Scale and centre a drawing as the images were that the network learned from"><input type="checkbox" data-act="centre" checked> Centre</label>
      </div>
    </div>
    <div class="answer">
      <h2>Answer <small>how sure it is of each class</small></h2>
      <ol class="bars"></ol>
    </div>
    <div class="why">
      <h2>Why <small></small></h2>
      <canvas role="img"></canvas>
      <p class="caption"></p>
    </div>
  </div>
  <div class="behind">
    <div class="bar"><h2></h2><div class="shape" role="group" aria-label="Hidden layers"></div></div>
    <div class="templates"></div>
  </div>`;
const TESTED = `
  <h2>Test images <small></small></h2>
  <div class="matrix"><canvas tabindex="0" role="application" aria-label="Confusion matrix: rows are the true classes, columns what they are taken for. Arrow keys move, Enter filters the images."></canvas><p class="caption" role="status"></p></div>
  <div class="wall" tabindex="0" role="application" aria-label="Test images, those that are taken for something else first. Arrow keys move, Enter puts one on show."><canvas></canvas></div>`;

/** @param {string} id @param {string} label @param {string} html */
function section(id, label, html) {
  const element = document.createElement('section');
  element.id = id;
  element.setAttribute('aria-label', label);
  element.innerHTML = html;
  return element;
}

/** The two sections of the page. */
export function createLayout() {
  const seen = section('images', 'Image and templates', SEEN), tested = section('tested', 'Test images', TESTED);
  document.querySelector('#network')?.after(seen);
  document.querySelector('#output .plane')?.before(tested);
  return { seen, tested };
}

/** The style sheet, which has to be there before anything is shown. @returns {Promise<void>} */
export function loadStyles() {
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL('../images.css', import.meta.url).href });
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  });
}
