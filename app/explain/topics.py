"""Explanations shown in place: a topic for every control and every part of the page."""

from __future__ import annotations

from app.explain.setting_topics import BATCH_KINDS, SETTING_EXPLANATIONS
from app.explain.topic import Explanation
from engine.config import Config
from engine.data.datasets import DATASETS
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.penalties import PENALTIES
from engine.tables.scores import SCORES
from engine.tables.tasks import TASKS

FIRST_BIAS = INITIALIZERS[Config().initializer].bias

EXPLANATIONS: dict[str, Explanation] = {
    **SETTING_EXPLANATIONS,
    # --- the knobs --------------------------------------------------------------------------------------------------
    "learningRate": Explanation(
        "Learning rate",
        "How far an update moves every weight and bias against the gradient of the loss. "
        "Too small and the loss creeps down, too large and it jumps, sticks or diverges: try 0.3, then 3.",
        latex=r"\theta \coloneqq \theta - \eta \frac{\partial L}{\partial \theta}",
    ),
    "activation": Explanation(
        "Activation",
        "The function that a hidden unit applies to its weighted sum z; behind More each layer, and the output too, "
        "can have its own. "
        "Compare Tanh with Linear, which draws only a straight line from x₁ and x₂, whatever the number of layers.",
        latex="a = f(z)",
        entries=ACTIVATIONS,
        differs="PyTorch's LeakyReLU has the slope 0.01 below zero by default, and its GELU is exact.",
    ),
    "regularization": Explanation(
        "Regularization",
        "A cost r(w) for large weights beside the loss L, which keeps the network simple; biases cost nothing. "
        "Try L1 at a rate of 0.01 and watch the links that are not needed fade to zero.",
        entries=PENALTIES,
        update=True,
        differs="PyTorch's weight_decay takes biases too. λ here is twice that of Keras's L2, and scikit-learn's alpha "
        "divided by the batch size.",
    ),
    "regularizationRate": Explanation(
        "Regularization rate",
        "The factor λ that weighs the cost of large weights against the loss. "
        "A higher rate makes the boundary smoother, until the weights are gone and the answer is the same everywhere.",
        update=True,
    ),
    "problem": Explanation(
        "Problem",
        "What the network predicts at every place: one of two classes, labelled −1 and 1, one of many, or a "
        "number. "
        "Switch it: the data sets, the output, the loss and the score change with it.",
        entries=TASKS,
    ),
    "loss": Explanation(
        "Loss",
        "How wrong the answer ŷ is at a point whose label is y; training makes its mean over the points small. "
        "Compare two of them on the same data: the cross-entropy pulls hardest where the network is sure and wrong.",
        latex=r"L = \frac{1}{N} \sum_{i=1}^{N} L_i",
        entries=LOSSES,
        differs="With two classes the cross-entropy takes 2z for the logit, because tanh z = 2σ(2z) − 1: its gradient "
        "is twice the usual one of PyTorch's BCEWithLogitsLoss. PyTorch's MSELoss has no ½.",
    ),
    # --- the data ---------------------------------------------------------------------------------------------------
    "dataset": Explanation(
        "Data set",
        "The points that the network is trained on and tested with, each with the label that it should answer. "
        "Start with the two Gaussians, which a straight line can separate, and work your way up to the spiral.",
        entries=DATASETS,
    ),
    "percTrainData": Explanation(
        "Training data",
        "The share p of all N points that trains the network; the others are kept to test it, and to validate it. "
        "With very few training points the network learns them by heart, and the test loss stays far above the other.",
        latex=r"N_{\text{train}} = \left\lfloor \frac{p}{100} N \right\rfloor",
    ),
    "noise": Explanation(
        "Noise",
        "How much chance is in the data: it moves the points, or the places that their labels are read from. "
        "The same seed moves the same points further, so raise it slowly and watch the two losses part.",
    ),
    "batchSize": Explanation(
        "Batch size",
        "How many training points an update averages its gradient over; points left over at the end of an epoch wait "
        "for the first batch of the next. "
        "Small batches make many noisy updates an epoch, large ones make few steady updates.",
        latex=r"\frac{\partial L}{\partial w} = \frac{1}{B} \sum_{i=1}^{B} \frac{\partial L_i}{\partial w}",
        entries=BATCH_KINDS,
        differs="PyTorch, Keras and scikit-learn make a smaller last batch of the points left over.",
    ),
    "regenerate": Explanation(
        "Regenerate",
        "Draws a new seed, and from it new points and new first weights. "
        "Do it a few times to see whether a result was more than luck.",
    ),
    "ownData": Explanation(
        "Own data",
        "Points of your own in place of a data set, each with two coordinates and a label; files count the classes "
        "from 0 where there are many, so that class 1 is 0 there. "
        "Put a few of each colour and see what the network makes of the gaps between them.",
    ),
    # --- the network ------------------------------------------------------------------------------------------------
    "features": Explanation(
        "Features",
        "The network's inputs: each feature is a number computed from the two coordinates of a point. "
        "Turn on both squares as well, and the circle needs no hidden layer at all.",
        entries=FEATURES,
    ),
    "numHiddenLayers": Explanation(
        "Hidden layers",
        "The layers of units between the features and the output, each fed by the one before. "
        "Without any, x₁ and x₂ give a straight boundary; every layer can bend once more what it is given.",
        latex=r"\mathbf{a}^{(l)} = f\left(W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}\right)",
    ),
    "unit": Explanation(
        "Unit",
        "A unit weighs its inputs, adds its bias and applies the activation; its square shows the answer at every "
        "place of the plane. "
        "Point at one to see it large, and click to keep it so.",
        latex=r"a = f\left(\sum_{i} w_i x_i + b\right)",
    ),
    "link": Explanation(
        "Weight",
        "A link carries a value to the next layer, multiplied by its weight: the wider the larger, coloured by sign. "
        "What the first weights are drawn from is chosen behind More, and a click on a link sets its weight by hand.",
        latex=r"z = w_1 a_1 + w_2 a_2 + \dots + b",
    ),
    "bias": Explanation(
        "Bias",
        f"The number that a unit adds to its weighted sum, the dot at its corner; it usually starts at {FIRST_BIAS} "
        "and is never regularized. "
        "Pull a dot in the first layer up or down, or click it: that unit's boundary moves without turning.",
        latex=r"z = \sum_{i} w_i a_i + b",
    ),
    "parameters": Explanation(
        "Parameters",
        "All the numbers that training changes: every weight and every bias, the output's too. "
        "A network that has more of them than there are training points can learn those points by heart.",
        latex=r"P = \sum_{l} H_l \left(H_{l-1} + 1\right)",
    ),
    "line": Explanation(
        "The line of a unit",
        "Where a unit is fed x₁ and x₂ alone, its sum is zero along a straight line: the weights w are its normal, and "
        "d is how far it passes from the origin; with many classes and no hidden layer each class has one. "
        "Change a weight and the line turns, change the bias and it moves in parallel.",
        latex=r"\mathbf{w} \cdot \mathbf{x} + b = 0, \quad d = \frac{|b|}{\lVert \mathbf{w} \rVert}",
    ),
    "gradient": Explanation(
        "Gradient",
        "How fast the loss of a batch grows with each weight and bias; the optimizer makes a step of it. "
        "Links with a large gradient learn fast, and where all are near zero the network has settled or is stuck.",
        latex=r"w \coloneqq w - \eta \frac{\partial L}{\partial w}",
    ),
    # --- the output -------------------------------------------------------------------------------------------------
    "output": Explanation(
        "Output",
        "What the network answers at every place of the plane, under the data points; the fine line is where its "
        "decision changes. "
        "A network is good when every point lies on ground of its own colour.",
        latex=r"\hat{y} = f\left(\sum_{i} w_i a_i + b\right)",
    ),
    "testLoss": Explanation(
        "Test loss",
        "The mean loss over the points that have no part in training. "
        "Judge by this one: where it rises while the training loss still falls, the network learns by heart.",
        latex=r"\frac{1}{N_{\text{test}}} \sum_{i} L_i",
    ),
    "trainLoss": Explanation(
        "Training loss",
        "The mean loss over the training points as the network is now, without the cost of regularization. "
        "Training pushes it down, which alone says nothing about points that the network has never seen.",
        latex=r"\frac{1}{N_{\text{train}}} \sum_{i} L_i",
    ),
    "score": Explanation(
        "Score",
        "How good the answers are, in a number that is easier to read than the loss. "
        "At 1 the network is perfect, but a high score in training says little where the test's stays behind.",
        entries=SCORES,
    ),
    "legend": Explanation(
        "Colours",
        "One scale for the whole picture: one colour for negative, the other for positive, pale for what is near zero; "
        "or a colour for each of many classes, mixed by their probabilities and the paler the less is sure. "
        "The numbers at the scale's ends are the values in full colour, and what lies beyond looks the same.",
    ),
    "showTestData": Explanation(
        "Show test data",
        "Draws the points that do not train too, in a dark outline: discs test the network, squares validate it. "
        "It has never been trained on them, so see whether they lie on ground of their colour as well.",
    ),
    "discretize": Explanation(
        "Discretize output",
        "Shows the class that the output decides for, in one plain colour for each. "
        "Shades tell how sure the network is, the plain colours what it would answer.",
    ),
    "showWorst": Explanation(
        "Worst points",
        "Marks the points at which the loss is largest. "
        "A few odd ones are likely noise, but many together are something that the network has yet to learn.",
    ),
    "probe": Explanation(
        "One point's way",
        "Pointing at a place of the plane sends that point through the network: every unit shows what it makes of it. "
        "Cross the boundary slowly and watch which units change their sign.",
        latex=r"\mathbf{x} \mapsto \mathbf{a}^{(1)} \mapsto \dots \mapsto \hat{y}",
    ),
    # --- the losses by epoch ----------------------------------------------------------------------------------------
    "chart": Explanation(
        "Losses by epoch",
        "Training, validation and test loss from the first weights until now, and the learning rate where it falls. "
        "Where the losses part the network learns by heart, and where they jump the learning rate is likely too large.",
    ),
    "batchLoss": Explanation(
        "Loss of the batches",
        "The pale band spans the losses of an epoch's single batches, each taken as its own update met it. "
        "Make the batches smaller and it widens: that is the noise of the loss.",
        latex=r"\frac{1}{B} \sum_{i=1}^{B} L_i",
    ),
    # --- the transport ----------------------------------------------------------------------------------------------
    "epoch": Explanation(
        "Epoch",
        "An epoch has passed when the training points have been gone through once, batch by batch. "
        "From the same seed and settings, the same epoch always finds the same network.",
        latex=r"\left\lfloor \frac{N_{\text{train}}}{B} \right\rfloor \text{ updates per epoch}",
    ),
    "speed": Explanation(
        "Speed",
        "How many epochs pass from one picture to the next. "
        "It changes nothing but the pace: go slowly to watch, fastest to see where it ends.",
    ),
    "rate": Explanation(
        "Epochs and updates per second",
        "How fast the server trains at present. "
        "Larger batches make fewer updates of an epoch, so that more epochs fit into a second.",
    ),
    "playButton": Explanation(
        "Play",
        "Starts and pauses the training, as the space key does. "
        "Most settings can be changed on the run and take effect at once; those of data and layers restart it.",
    ),
    "stepButton": Explanation(
        "Step",
        "Trains for one epoch, or for one batch if you choose so, and stops; the right arrow key does the same. "
        "Use it at the start, where every single step changes the picture.",
    ),
    "resetButton": Explanation(
        "Reset",
        "Takes the network back to epoch 0 and to the same first weights, as the R key does. "
        "The points stay as well, so the same run can be watched again, or set against one with other settings.",
    ),
    # --- the page ---------------------------------------------------------------------------------------------------
    "undo": Explanation(
        "Undo and redo",
        "Undo takes back your last change of the settings, and redo makes it again. "
        "Try things freely: the browser's own back and forward go through your changes as well.",
    ),
    "restarts": Explanation(
        "Restarts",
        "The same network on the same data from many first weights, all trained at once: each goes down into the "
        "valley of the loss above which it starts. "
        "See how many solve it, and press the one with the lowest loss to go on with it.",
        latex=r"\min_{r} L\left(\theta^{(r)}\right)",
    ),
    "compare": Explanation(
        "Compare",
        "The same data and seed with several values of one knob, and their loss curves laid over each other. "
        "Begin with learning rates ten times apart: too low creeps, good falls and flattens out low, too high jumps or "
        "diverges.",
    ),
    "lessons": Explanation(
        "Lessons",
        "A course in small steps: each lesson sets the playground up, suggests what to try, and asks a question that "
        "is ticked off once the network answers it. "
        "The ticks stay in this browser, and a lesson's address can be passed on like any other link.",
    ),
    "share": Explanation(
        "Share",
        "A link holds all settings and the seed, and so the same data and the same first weights. "
        "Whoever opens it and presses play sees the same run.",
    ),
    "look": Explanation(
        "Look",
        "Light or dark, and the two colours that stand for negative and positive; those of many classes are the same "
        "in all palettes and are told apart by every kind of colour vision. "
        "Choose the pair that you tell apart best, on your screen or in print; the run goes on untouched.",
    ),
}
