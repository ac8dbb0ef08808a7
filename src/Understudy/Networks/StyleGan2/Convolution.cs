using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// A convolution with equalised learning rate, W/√(in·k²), in the type of its input; optionally halving the size.
/// </summary>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Tensor resample_filter;
    private readonly int down;
    private readonly double weightGain;
    private readonly double gain;

    /// <summary>k×k, biased, lrelu(0.2)·√2·<paramref name="gain"/>.</summary>
    public Convolution(int inputs, int outputs, int kernel, Initialiser init, int down = 1, double gain = 1)
        : base(nameof(Convolution))
    {
        this.down = down;
        this.gain = gain * Math.Sqrt(2);
        weight = init.Normal("weight", 1, outputs, inputs, kernel, kernel);
        bias = Initialiser.Constant(0, outputs);
        resample_filter = Resampling.Filter1331().DetachFromDisposeScope();
        weightGain = this.gain / Math.Sqrt(inputs * kernel * kernel);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                                // [N, I, H, W]
    {
        using var scope = NewDisposeScope();
        var (w, b) = ((weight * weightGain).to(x.dtype), (bias * gain).to(x.dtype));
        if (down > 1)
            x = Resampling.Filter(x, resample_filter,
                Resampling.DownPadding(Margin.All(weight.shape[2] / 2), resample_filter, down));
        if (weight.shape[2] == 1)
        {
            // Rectified before it is seen as [N, C, H, W]: changing a view in place would make every gradient take a detour
            // through a copy.
            var rows = F.linear(Layout.ToNhwc(x), w.flatten(1), b);
            return Layout.ToNchw(F.leaky_relu(rows, BiasAct.Slope, inplace: true)).MoveToOuterDisposeScope();
        }
        var y = F.conv2d(x, w, b, strides: [down, down],
            padding: Enumerable.Repeat(down > 1 ? 0 : weight.shape[2] / 2, 2).ToArray());
        return BiasAct.LeakyRelu(y).MoveToOuterDisposeScope();                              // [N, O, H / down, W / down]
    }
}
