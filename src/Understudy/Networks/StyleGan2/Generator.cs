using TorchSharp;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// StyleGAN2's generator (Karras et al. 2020, arXiv 1912.04958; conditional as in arXiv 2006.06676): z and a label to w, and w to
/// an image.
/// </summary>
public sealed class Generator : nn.Module
{
    private readonly Mapping mapping;
    private readonly Synthesis synthesis;

    /// <summary>Draws every initial value from (seed, the parameter's name).</summary>
    /// <exception cref="Common.OptionException">A value makes no network.</exception>
    public Generator(GeneratorOptions options, ulong seed) : base(nameof(Generator))
    {
        HiddenCaches.Mend();
        Options = options.Validate();
        var init = new Initialiser(seed, "generator");
        mapping = new Mapping(options.ZDim, options.LabelDim, options.WDim, options.MappingLayers, tracksAverage: true,
            init.In("mapping"));
        synthesis = new Synthesis(options, init.In("synthesis"));
        NumWs = 2 * new Pyramid(options.Resolution, options.ChannelBase, options.ChannelMax).Resolutions.Count;
        RegisterComponents();
    }

    /// <summary>What the network was made of.</summary>
    public GeneratorOptions Options { get; }

    /// <summary>How many w's steer one image: two a resolution.</summary>
    public int NumWs { get; }

    /// <summary>w_avg, the running mean of w, [w_dim]: the network's own buffer.</summary>
    public Tensor AverageW => mapping.Average;

    /// <summary>
    /// z [N, z_dim] and labels c [N, label_dim], or [1, label_dim] for all (null where unconditional), to ws [N, NumWs, w_dim],
    /// a view of one w.
    /// </summary>
    /// <param name="trackAverage">Moves w_avg towards this batch's mean by 0.005: in training's own forward passes.</param>
    /// <exception cref="ArgumentException">z or c is missing or of another length.</exception>
    public Tensor Map(Tensor z, Tensor? c = null, bool trackAverage = false)
    {
        using var scope = NewDisposeScope();
        var w = mapping.Map(z, c);
        if (trackAverage) mapping.Track(w);
        return w.unsqueeze(1).expand(-1, NumWs, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Truncation, w_avg + ψ (w − w_avg): ψ 1 leaves ws as it is, 0 gives the mean image.</summary>
    /// <param name="ws">[N, NumWs, w_dim].</param>
    /// <param name="cutoff">Only the first so many layers; default all.</param>
    /// <param name="center">Another centre than w_avg, [w_dim] or [N, w_dim], such as the class's own mean.</param>
    public Tensor Truncate(Tensor ws, double psi, int? cutoff = null, Tensor? center = null)
    {
        using var scope = NewDisposeScope();
        if (psi == 1) return ws.alias().MoveToOuterDisposeScope();
        var mean = center ?? AverageW;
        if (mean.dim() == 2) mean = mean.unsqueeze(1);
        var n = Math.Clamp(cutoff ?? NumWs, 0, NumWs);
        var moved = mean + (ws.narrow(1, 0, n) - mean) * psi;
        return (n == NumWs ? moved : cat([moved, ws.narrow(1, n, NumWs - n)], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>ws [N, NumWs, w_dim] to images [N, C, H, W], float32, about [−1, 1] (not clamped).</summary>
    /// <param name="random">What <see cref="NoiseMode.Random"/> draws from; needed there.</param>
    /// <exception cref="ArgumentException">ws of another shape, or no generator for random noise.</exception>
    public Tensor Synthesize(Tensor ws, NoiseMode noise, torch.Generator? random = null)
    {
        if (ws.dim() != 3 || ws.shape[1] != NumWs || ws.shape[2] != Options.WDim)
            throw new ArgumentException($"ws [{string.Join(", ", ws.shape)}] do not fit; give [N, {NumWs}, {Options.WDim}]",
                nameof(ws));
        if (noise == NoiseMode.Random && random is null)
            throw new ArgumentNullException(nameof(random), "random noise needs a generator to draw from");
        return synthesis.Apply(ws, noise, random);
    }

    /// <summary>
    /// A second generator with the same options, parameters and buffers, sharing nothing, its parameters frozen: for averages
    /// (EMA).
    /// </summary>
    public Generator Copy()
    {
        using var off = no_grad();
        var copy = new Generator(Options, 0);
        copy.to(AverageW.dtype);
        copy.to(AverageW.device);
        Weights.CopyState(this, copy);
        copy.LabelScale = LabelScale;
        foreach (var p in copy.parameters()) p.requires_grad = false;
        return copy;
    }

    /// <summary>How much of the label reaches w, 0 to 1: 1 but while the condition fades in (arXiv 2201.06578).</summary>
    internal double LabelScale
    {
        get => mapping.LabelScale;
        set => mapping.LabelScale = value;
    }

    /// <summary>Moves <see cref="LabelScale"/> into the weights: the same images, by weights alone.</summary>
    internal void FoldLabelScale() => mapping.FoldLabelScale();
}
