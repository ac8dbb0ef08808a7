using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.StyleGan2;

/// <summary>A fully connected layer with equalised learning rate: W·lr_mul/√in, b·lr_mul.</summary>
internal sealed class FullyConnected : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly bool rectified;
    private readonly double weightGain;
    private readonly double biasGain;

    /// <param name="rectified">lrelu(0.2)·√2, else linear.</param>
    public FullyConnected(int inputs, int outputs, Initialiser init, bool rectified = false, double learningRate = 1,
        double bias = 0)
        : base(nameof(FullyConnected))
    {
        weight = init.Normal("weight", 1 / learningRate, outputs, inputs);
        this.bias = Initialiser.Constant(bias / learningRate, outputs);
        this.rectified = rectified;
        var gain = rectified ? Math.Sqrt(2) : 1;
        weightGain = learningRate / Math.Sqrt(inputs) * gain;
        biasGain = learningRate * gain;
        RegisterComponents();
    }

    /// <summary>The parameter, [out, in].</summary>
    public Parameter Weight => weight;

    public override Tensor forward(Tensor x)                                                // [N, in]
    {
        using var scope = NewDisposeScope();
        var y = F.linear(x, weight * weightGain, biasGain == 1 ? bias : bias * biasGain);
        if (rectified) y = BiasAct.LeakyRelu(y);
        return y.MoveToOuterDisposeScope();                                                 // [N, out]
    }
}
