"""Explanations of the further settings (the sheet behind More), and of the losses."""

from __future__ import annotations

from app.explain.topic import Explanation
from engine.tables import Entry
from engine.tables.initializers import INITIALIZERS
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES
from engine.tables.schedules import SCHEDULES

BATCH_KINDS: dict[str, Entry] = {
    "one": Entry(
        label="stochastic",
        formula="B = 1",
        latex="B = 1",
        hint="An update after every single point: what SGD meant at first.",
    ),
    "some": Entry(
        label="mini-batch",
        formula="1 < B < N",
        latex=r"1 < B < N_{\text{train}}",
        hint="The mean over a few points: a good guess at the gradient for a small part of the work.",
    ),
    "all": Entry(
        label="gradient descent",
        formula="B = N",
        latex=r"B = N_{\text{train}}",
        hint="One exact and expensive update an epoch, over all training points.",
    ),
    "none": Entry(
        label="never full",
        formula="B > N",
        latex=r"B > N_{\text{train}}",
        hint="More points than there are: no update is ever made, as in the original playground.",
    ),
}
"""What gradient descent is called by the size of its batch."""

SETTING_EXPLANATIONS: dict[str, Explanation] = {
    # --- training ---------------------------------------------------------------------------------------------------
    "optimizer": Explanation(
        "Optimizer",
        "What an update makes of the gradient g before it moves the weights w. "
        "Run the same link with each of them and compare how soon the loss falls; those with a pace for each weight "
        "want a smaller learning rate.",
        entries=OPTIMIZERS,
        update=True,
        differs="All are PyTorch's, with its ε. Keras has other values by default, and ε inside the root of AdaGrad "
        "and RMSprop.",
    ),
    "momentum": Explanation(
        "Momentum",
        "How much of its speed v a step keeps: with 0.9 about the last ten gradients add up. "
        "Raise it to 0.99 and watch the loss swing before it settles.",
        latex=r"v \coloneqq \mu v + g, \quad w \coloneqq w - \eta v",
        differs="As in PyTorch; in Keras η is inside v, so that the old speed outlasts a change of the rate.",
    ),
    "regularizationMode": Explanation(
        "Penalty",
        "Whether the pull λ r′(w) of the regularization goes straight to the weights, or first into the gradient that "
        "is clipped and that the optimizer remembers. "
        "With gradient descent L2 is the same either way; try both with Adam, which shrinks steps where gradients are "
        "large, and see which keeps the weights smaller.",
        entries=MODES,
        update=True,
        differs="In PyTorch weight_decay is in the loss, but for AdamW, and is added after the gradient was clipped.",
    ),
    "schedule": Explanation(
        "Schedule",
        "How the learning rate η falls with the epochs t: large steps to get away, small ones to settle. "
        "Follow the thin line in the chart: as the rate falls, the losses become calm.",
        entries=SCHEDULES,
        differs="PyTorch's CosineAnnealingLR rises again after T.",
    ),
    "decayRate": Explanation(
        "Factor",
        "The k of a schedule: what is left of the learning rate after each period, or how steeply it falls with the "
        "time. "
        "Compare 0.9 with 0.1: where the rate falls too fast the run stands still before it has arrived.",
        latex=r"\eta\, k^{t / T}",
    ),
    "decayEpochs": Explanation(
        "Period",
        "The T of a schedule: in how many epochs the learning rate falls by the factor, or along the whole cosine. "
        "Match it to how long you mean to train.",
        latex=r"\eta\, k^{t / T}",
    ),
    "clipNorm": Explanation(
        "Gradient clipping",
        "A gradient that is longer than this c is cut down to it and keeps its direction; 0 cuts none. "
        "Where a run jumps or diverges, try 1 before you lower the learning rate.",
        latex=r"g \coloneqq g \cdot \min\left(1, \frac{c}{\lVert g \rVert}\right)",
        differs="PyTorch's clip_grad_norm_ divides by ‖g‖ + 10⁻⁶, so that it ends a little short of c.",
    ),
    "dropout": Explanation(
        "Dropout",
        "Each update leaves out this share p of the hidden units, drawn anew for each point, so that none can rely on "
        "another. "
        "Take many units and few training points, and see whether the test loss stays nearer to the training loss.",
        latex=r"\mathbf{a} \coloneqq \frac{\mathbf{m} \odot \mathbf{a}}{1 - p}",
    ),
    "reshuffle": Explanation(
        "Reshuffle",
        "Takes the training points in another order each epoch, so that no two epochs make the same batches. "
        "Without it the losses of the batches repeat themselves in a rhythm.",
    ),
    # --- the network ------------------------------------------------------------------------------------------------
    "activations": Explanation(
        "Activation of a layer",
        "Each hidden layer can have an activation of its own; its curve stands beside it, the slope dashed. "
        "Make all of them and the output linear, and the whole network is no more than one layer.",
        latex=r"\mathbf{a}^{(l)} = f_l\left(W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}\right)",
    ),
    "outputActivation": Explanation(
        "Activation of the output",
        "What the output makes of its weighted sum z, to fit the labels: two classes, any number, or a probability for "
        "each class. "
        "Take the step, the perceptron's loss, batches of 1 and no hidden layer, and you have Rosenblatt's perceptron.",
        entries=OUTPUTS,
    ),
    "initializer": Explanation(
        "First weights",
        "What the weights of a layer with D inputs and H units are drawn from; their size decides whether a signal "
        "gets through many layers. "
        "Try zero: the units of a layer stay alike for ever, so that they learn no more than one would.",
        entries=INITIALIZERS,
        differs="Xavier and He are PyTorch's with the gains 1 and √2; its layers by themselves start evenly within "
        "±1/√D, biases too.",
    ),
    "weightSeed": Explanation(
        "Seed of the first weights",
        "A seed for the first weights alone, so that the same data meet another start; without one they follow the "
        "data's. "
        "Roll the dice a few times: some starts end in a worse minimum than others.",
    ),
    # --- the data ---------------------------------------------------------------------------------------------------
    "classes": Explanation(
        "Classes",
        "How many kinds of points there are, each with an output of its own. "
        "Take three blobs and no hidden layer: each class has its own plane, and the classes part along straight "
        "lines.",
        latex=r"\mathbf{z} = W \mathbf{x} + \mathbf{b}, \quad W \in \mathbb{R}^{K \times D}",
    ),
    "numSamples": Explanation(
        "Number of points",
        "How many points are drawn before they are split. "
        "With more of them chance weighs less, and an epoch has more updates.",
    ),
    "normalize": Explanation(
        "Normalize the inputs",
        "Each input less its mean μ and by its standard deviation σ, both taken over the m training points and used "
        "for all. "
        "Try it on the data set with unequal axes: without it the large input drowns the small one.",
        latex=r"x' = \frac{x - \mu}{\sigma}, \quad \sigma^2 = \frac{1}{m - 1} \sum_{i=1}^{m} (x_i - \mu)^2",
        differs="scikit-learn's StandardScaler divides by m in place of m − 1.",
    ),
    "percValidationData": Explanation(
        "Validation data",
        "The share of the points that neither trains nor tests, but judges your choices of all these settings. "
        "Choose by the validation loss, and look at the test loss last.",
        latex=r"N = N_{\text{train}} + N_{\text{validation}} + N_{\text{test}}",
    ),
    "patience": Explanation(
        "Early stopping",
        "Ends the run when the validation loss has not been lower for so many epochs; 0 never does. "
        "With noise and few training points the best network comes long before the last: the chart marks it by a ring.",
    ),
    "minDelta": Explanation(
        "Minimum delta",
        "For early stopping a validation loss counts as better where it is lower than the best by more than this δ. "
        "Raise it, and a run whose loss still creeps down is ended too.",
        latex=r"L < L_{\text{best}} - \delta",
        differs="As min_delta of Keras and PyTorch Lightning.",
    ),
    "restoreBest": Explanation(
        "Restore the best",
        "When early stopping ends the run, the weights of the best epoch come back, and with them its losses; the "
        "epoch counter stays where the run ended. "
        "Compare the test loss with and without: what was trained after the best epoch is gone.",
        differs="Keras's restore_best_weights restores them too where the epochs run out before the patience does.",
    ),
    "coverTest": Explanation(
        "Cover the test",
        "Hides the test loss and its score until you press Show, and again with every new run. "
        "A test that is looked at while choosing is no test any more, so decide by the validation loss first.",
    ),
    # --- what they show ---------------------------------------------------------------------------------------------
    "validationLoss": Explanation(
        "Validation loss",
        "The mean loss over the points that are kept aside to choose by. "
        "The settings at which it is lowest are the ones to keep; the test loss then tells how good they really are.",
        latex=r"\frac{1}{N_{\text{validation}}} \sum_{i} L_i",
    ),
    "collapse": Explanation(
        "One layer",
        "Where every hidden layer is linear, all layers multiply into a single one, so that depth adds nothing. "
        "Its weights and biases stand here: add layers and train, and the boundary stays straight.",
        latex=r"W_2 (W_1 \mathbf{x} + \mathbf{b}_1) + \mathbf{b}_2 = W \mathbf{x} + \mathbf{b}",
    ),
}
