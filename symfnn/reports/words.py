"""The words around the formulas, in English and Chinese."""

from typing import NamedTuple, final


@final
class Words(NamedTuple):
    """All prose of a derivation in one language; reasons are by rule name."""

    title: str
    notation: str
    shapes: str
    neuron: str
    neuron_text: str
    activation_text: str
    slope_text: str
    kink_text: str
    own_kink_text: str
    no_kinks_text: str
    sign_text: str
    forward: str
    forward_text: str
    forward_layer: str
    backward: str
    backward_text: str
    paths_text: str
    parameters_text: str
    layers_text: str
    recursion_text: str
    input_text: str
    unrolled: str
    unrolled_text: str
    loss: str
    loss_text: str
    assumption_text: str
    output_text: str
    samples_text: str
    no_matrix_form: str
    reasons: dict[str, str]


ENGLISH = Words(
    title="Forward and back propagation of a feed-forward network",
    notation="Notation",
    shapes="All vectors are columns; layer 1 is the input layer and $L$ the last one, with $K = s_L$ outputs.",
    neuron="One neuron",
    neuron_text="A neuron forms its state from its inputs and passes it through the activation function.",
    activation_text="The activation function is given by",
    slope_text="Differentiating it and writing the result in the shortest form that could be proved gives",
    kink_text="At {points} the function ${letter}$ has a kink; there the slope is taken from the piece that "
    "holds at that point, as programs for automatic differentiation do, so ${letter}'({point}) = {slope}$.",
    own_kink_text="At {points} the slope or the value of ${letter}$ jumps; there ${letter}'({point}) = {slope}$ "
    "is taken, as the formula above gives it.",
    no_kinks_text="Whether the slope of ${letter}$ jumps anywhere was not looked into: the ends of its pieces are not "
    "the solutions of linear equations. Where it does, the formula above is what is taken.",
    sign_text="At {point} the absolute value has a kink; there $\\operatorname{{sign}}(0) = 0$ is taken, "
    "the middle between the slopes $-1$ and $1$ on its two sides.",
    forward="Forward propagation",
    forward_text="The input layer passes on the sample; every further layer follows from the one before it.",
    forward_layer="For a whole layer at once:",
    backward="Back propagation",
    backward_text="The error rate of a neuron is the derivative of the loss by its state.",
    paths_text="The loss depends on the state of a neuron through every neuron of the next layer, "
    "so the chain rule adds up all these paths:",
    parameters_text="A weight and a bias enter one state only:",
    layers_text="Collecting the neurons of a layer into columns gives the recursion, from the last layer backwards:",
    recursion_text="The gradient of the linear transform follows from the error rates:",
    input_text="By the same steps the loss is differentiated by the input:",
    unrolled="Closed form without recursion",
    unrolled_text="Putting the error rates into each other leaves only states, activations, weights and targets:",
    loss="Loss",
    loss_text="The objective is the loss of one sample, collected over all samples:",
    assumption_text="The targets of one sample are taken to add up to one:",
    output_text="For one sample and without the regulariser, the error of the output layer is",
    samples_text="The derivative over all samples collects those of the single samples:",
    no_matrix_form="For {formula} no matrix form was found; it stands by entries, as above.",
    reasons={
        "definition": "definition",
        "vectorise": "matrix form",
        "chain-rule": "chain rule",
        "name": "definition of $\\delta$",
        "differentiate": "from the definitions",
        "slope": "slope of the activation",
        "cancel": "cancelled",
        "assume": "targets add up to one",
        "samples": "sum rule",
        "one-sample": "result for one sample",
        "regularizer": "derivative of the regulariser",
        "unroll": "error rates put in",
    },
)

CHINESE = Words(
    title="前馈神经网络的正向传播与反向传播",
    notation="符号",
    shapes="所有向量都是列向量；第 1 层是输入层，第 $L$ 层是输出层，输出特征数为 $K = s_L$。",
    neuron="单个神经元",
    neuron_text="神经元先由输入算出状态值，再经激活函数得到激活值。",
    activation_text="激活函数取为",
    slope_text="对它求导，并写成能够证明的最短形式：",
    kink_text="在 {points} 处函数 ${letter}$ 有折点；该点的斜率取包含该点的那一段的斜率（与自动微分程序一致），"
    "即 ${letter}'({point}) = {slope}$。",
    own_kink_text="在 {points} 处函数 ${letter}$ 的斜率或函数值有跳跃；该点按上式取 ${letter}'({point}) = {slope}$。",
    no_kinks_text="未检查函数 ${letter}$ 的斜率是否有跳跃：其分段点不是线性方程的解。若有跳跃，该点的斜率按上式取值。",
    sign_text="在 {point} 处绝对值函数有折点；该点取 $\\operatorname{{sign}}(0) = 0$，即两侧斜率 $-1$ 与 $1$ 的中值。",
    forward="正向传播",
    forward_text="输入层直接给出样本；其后每一层都由前一层算出。",
    forward_layer="对整层神经元：",
    backward="反向传播",
    backward_text="神经元的误差率定义为损失函数对其状态值的偏导数。",
    paths_text="损失函数经由下一层的每个神经元依赖于本神经元的状态值，链式法则把这些路径相加：",
    parameters_text="每个权重和偏置只进入一个状态值：",
    layers_text="把同一层的神经元排成列向量，便得到由后向前的递推公式：",
    recursion_text="线性变换矩阵的梯度由误差率给出：",
    input_text="用同样的步骤可得损失函数对输入的偏导数：",
    unrolled="不含递推的闭式",
    unrolled_text="把各层误差率依次代入，式中只剩状态值、激活值、权重和目标值：",
    loss="损失函数",
    loss_text="目标函数由单个样本的损失对所有样本汇总而成：",
    assumption_text="约定每个样本的目标值之和为一：",
    output_text="只有单个样本且不考虑正则项时，输出层的误差率为",
    samples_text="所有样本的偏导数由各单个样本的偏导数汇总得到：",
    no_matrix_form="{formula} 未找到矩阵形式，仍按上面的分量式。",
    reasons={
        "definition": "定义",
        "vectorise": "矩阵形式",
        "chain-rule": "链式法则",
        "name": "$\\delta$ 的定义",
        "differentiate": "由定义求导",
        "slope": "激活函数的导数",
        "cancel": "约分",
        "assume": "目标值之和为一",
        "samples": "和的导数",
        "one-sample": "单个样本的结果",
        "regularizer": "正则项的导数",
        "unroll": "代入误差率",
    },
)

LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
