using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// StyleGAN2's discriminator (Karras et al. 2020, arXiv 1912.04958). Where it is conditional, its features are projected on the
/// mapped label (Miyato and Koyama 2018, arXiv 1802.05637).
/// </summary>
public sealed class Discriminator : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly DiscriminatorBlock[] blocks;
    private readonly Mapping? mapping;
    private readonly DiscriminatorEpilogue epilogue;

    /// <summary>Draws every initial value from (seed, the parameter's name).</summary>
    /// <exception cref="Common.OptionException">A value makes no network.</exception>
    public Discriminator(DiscriminatorOptions options, ulong seed) : base(nameof(Discriminator))
    {
        HiddenCaches.Mend();
        Options = options.Validate();
        var init = new Initialiser(seed, "discriminator");
        var pyramid = new Pyramid(options.Resolution, options.ChannelBase, options.ChannelMax);
        var descending = pyramid.Resolutions.Skip(1).Reverse().ToArray();
        BlockNames = [.. descending.Select(r => $"b{r}")];
        blocks = new DiscriminatorBlock[descending.Length];
        for (int i = 0; i < blocks.Length; i++)
        {
            var r = descending[i];
            blocks[i] = new DiscriminatorBlock(pyramid.ChannelsAt(r), pyramid.ChannelsAt(r / 2), r, first: i == 0, options,
                init.In($"b{r}"));
            register_module($"b{r}", blocks[i]);
        }
        var width = pyramid.ChannelsAt(pyramid.Base);
        if (options.LabelDim > 0)
            mapping = new Mapping(0, options.LabelDim, width, options.MappingLayers, tracksAverage: false, init.In("mapping"));
        var outputs = options.LabelDim > 0 ? width : 1;
        epilogue = new DiscriminatorEpilogue(width, pyramid.Base, outputs, options, init.In($"b{pyramid.Base}"));
        register_module($"b{pyramid.Base}", epilogue);
        if (mapping is not null) register_module("mapping", mapping);
    }

    /// <summary>What the network was made of.</summary>
    public DiscriminatorOptions Options { get; }

    /// <summary>
    /// Images [N, C, H, W] in [−1, 1] and labels c [N, label_dim] (null where unconditional) to logits [N, 1], float32.
    /// </summary>
    /// <remarks>
    /// The minibatch standard deviation makes a logit depend on its batch: reals and fakes are batches of their own.
    /// </remarks>
    /// <exception cref="ArgumentException">Images or labels of another shape, or a batch that its groups do not
    /// divide.</exception>
    public override Tensor forward(Tensor img, Tensor? c)
    {
        using var scope = NewDisposeScope();
        return ForwardHeads(img, c).Logits.MoveToOuterDisposeScope();
    }

    /// <summary>The blocks' names from the image on, without the last, at 4×4 or 3×3: "b32", "b16", "b8".</summary>
    public IReadOnlyList<string> BlockNames { get; }

    /// <summary>
    /// As <see cref="forward"/>, with the class head's logits [N, label_dim] and the unconditional logit [N, 1] where there are
    /// such heads.
    /// </summary>
    /// <param name="img">[N, C, H, W].</param>
    /// <param name="c">[N, label_dim], or null.</param>
    /// <param name="other">Other labels for the last so many images, [n, label_dim]: from the same features, so nearly for
    /// nothing.</param>
    /// <param name="batches">
    /// How many batches of the same size, one after another, the images are: each is judged as if it came alone, at less cost.
    /// </param>
    /// <exception cref="ArgumentException">Images or labels of another shape, a number of images that is not so many batches, or a
    /// batch that its groups do not divide.</exception>
    public DiscriminatorOutput ForwardHeads(Tensor img, Tensor? c, Tensor? other = null, int batches = 1)
    {
        if (img.dim() != 4 || img.shape[1] != Options.Channels || img.shape[2] != Options.Resolution
            || img.shape[3] != Options.Resolution)
        {
            throw new ArgumentException($"images [{string.Join(", ", img.shape)}] do not fit; "
                + $"give [N, {Options.Channels}, {Options.Resolution}, {Options.Resolution}]", nameof(img));
        }
        if (batches < 1 || img.shape[0] % batches != 0 || other?.shape[0] > img.shape[0])
            throw new ArgumentException($"{img.shape[0]} images are not {batches} batches, or fewer than their other labels",
                nameof(batches));
        using var scope = NewDisposeScope();
        Tensor? x = null, image = Options.Precision == Precision.BFloat16 ? img.to(ScalarType.BFloat16) : img;
        foreach (var block in blocks) (x, image) = block.Apply(x, image);
        // [N, outputs]
        var (y, classes, unconditional) = epilogue.Apply(x!.to(img.dtype), image?.to(img.dtype), batches);
        var logits = mapping is null ? y : Project(y, mapping.Map(null, c));
        var mismatched = mapping is null || other is null ? null
            : Project(y.narrow(0, y.shape[0] - other.shape[0], other.shape[0]), mapping.Map(null, other));
        return new(logits.MoveToOuterDisposeScope(), classes?.MoveToOuterDisposeScope(), unconditional?.MoveToOuterDisposeScope(),
            mismatched?.MoveToOuterDisposeScope());
    }

    private static Tensor Project(Tensor features, Tensor label) =>
        (features * label).sum([1], keepdim: true) / Math.Sqrt(label.shape[1]);
}
