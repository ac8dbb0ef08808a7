using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// The mapping network: z and the label's embedding, each normalised, through L rectified layers of learning rate 0.01. The
/// generator's makes w; the discriminator's has no z and makes the vector that logits are projected on.
/// </summary>
internal sealed class Mapping : nn.Module
{
    private const double LearningRate = 0.01;
    private const double AverageDecay = 0.995;

    private readonly FullyConnected? embed;
    private readonly FullyConnected[] layers;
    private readonly Tensor? w_avg;
    private readonly int zDim;
    private readonly int labelDim;

    public Mapping(int zDim, int labelDim, int wDim, int layerCount, bool tracksAverage, Initialiser init) : base(nameof(Mapping))
    {
        (this.zDim, this.labelDim) = (zDim, labelDim);
        if (labelDim > 0) embed = new FullyConnected(labelDim, wDim, init.In("embed"));
        var features = zDim + (labelDim > 0 ? wDim : 0);
        layers = new FullyConnected[layerCount];
        for (int i = 0; i < layerCount; i++)
        {
            layers[i] = new FullyConnected(i == 0 ? features : wDim, wDim, init.In($"fc{i}"), rectified: true, LearningRate);
            register_module($"fc{i}", layers[i]);
        }
        if (tracksAverage) w_avg = zeros(wDim).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>Factor of the label's embedding after it is normalised; 1 but while the condition fades in.</summary>
    public double LabelScale { get; set; } = 1;

    /// <summary>Moves <see cref="LabelScale"/> into the first layer's weights: the same function, with a scale of 1.</summary>
    public void FoldLabelScale()
    {
        if (LabelScale == 1 || embed is null) return;
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var wDim = layers[0].Weight.shape[1] - zDim;
        layers[0].Weight.narrow(1, zDim, wDim).mul_(LabelScale);
        LabelScale = 1;
    }

    /// <summary>The running mean of w, [w_dim].</summary>
    public Tensor Average => w_avg ?? throw new InvalidOperationException("this mapping tracks no average");

    /// <summary>z [N, z_dim] and c [N or 1 for all, label_dim], each where the network has it, to w [N, w_dim].</summary>
    public Tensor Map(Tensor? z, Tensor? c)
    {
        if (zDim > 0) Require(z, zDim, "z");
        if (labelDim > 0) Require(c, labelDim, "labels");
        using var scope = NewDisposeScope();
        var x = zDim > 0 ? SecondMoment.Normalise(z!) : null;
        if (embed is not null)
        {
            var y = SecondMoment.Normalise(embed.call(c!));
            if (LabelScale != 1) y = y * LabelScale;
            if (x is not null && y.shape[0] == 1) y = y.expand(x.shape[0], -1);
            x = x is null ? y : cat([x, y], 1);                                             // [N, z_dim + w_dim]
        }
        foreach (var layer in layers) x = layer.call(x!);
        return x!.MoveToOuterDisposeScope();                                                // [N, w_dim]
    }

    /// <summary>w_avg ← lerp(batch mean of w, w_avg, 0.995).</summary>
    public void Track(Tensor w)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Average.mul_(AverageDecay).add_(w.detach().mean([0]), 1 - AverageDecay);
    }

    private static void Require(Tensor? x, int features, string what)
    {
        if (x is null) throw new ArgumentException($"this network is conditional: give {what} [N, {features}]");
        if (x.dim() != 2 || x.shape[1] != features)
            throw new ArgumentException($"{what} [{string.Join(", ", x.shape)}] do not fit; give [N, {features}]");
    }
}
