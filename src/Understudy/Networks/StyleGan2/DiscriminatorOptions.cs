using Understudy.Common;

namespace Understudy.Networks.StyleGan2;

/// <summary>What a discriminator is made of. Defaults: the "cpu-tiny" preset at 32×32 grey.</summary>
public sealed record DiscriminatorOptions
{
    /// <summary>Height and width of the images: 4·2ᵏ, or 3·2ᵏ with a 3×3 base; 8 to 1024.</summary>
    public int Resolution { get; init; } = 32;

    /// <summary>Channels of the images: 1 grey, 3 RGB; 1 to 16.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Length of the label vector: the number of classes (one-hot), or 0 for an unconditional discriminator.</summary>
    public int LabelDim { get; init; }

    /// <summary>Width × resolution: a block at r pixels has min(⌊base / r⌋, max) channels.</summary>
    public int ChannelBase { get; init; } = 1024;

    /// <summary>Upper bound of a block's width.</summary>
    public int ChannelMax { get; init; } = 64;

    /// <summary>How the blocks are joined; the papers use <see cref="Architecture.Resnet"/>.</summary>
    public Architecture Architecture { get; init; } = Architecture.Resnet;

    /// <summary>
    /// Fully connected layers between the label's embedding and the projection, 0 to 16. 0 (embedding and normalising only) is
    /// what the published CIFAR-10 numbers used; NVIDIA's PyTorch release uses 8.
    /// </summary>
    public int MappingLayers { get; init; }

    /// <summary>
    /// Images per minibatch-standard-deviation group; a smaller batch is one group; must divide a larger one. 1 to 1024.
    /// </summary>
    public int StddevGroup { get; init; } = 4;

    /// <summary>Feature maps made of the minibatch standard deviation; 0 leaves it out.</summary>
    public int StddevChannels { get; init; } = 1;

    /// <summary>
    /// A second head beside the projection that names the class, as in ACGAN (Odena et al. 2016, arXiv 1610.09585); needs labels.
    /// Its weights are <c>classify.*</c> of the last block.
    /// </summary>
    public bool ClassHead { get; init; }

    /// <summary>
    /// A logit that no label touches, beside the projection: what is learned first where the condition fades in (Shahbazi et al.
    /// 2022, arXiv 2201.06578); needs labels. Its weights are <c>unconditional.*</c> of the last block.
    /// </summary>
    public bool UnconditionalHead { get; init; }

    /// <summary>The number format of feature maps.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Throws where a value makes no network.</summary>
    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public DiscriminatorOptions Validate()
    {
        Pyramid.Validate(Resolution, Channels, LabelDim, ChannelBase, ChannelMax);
        OptionException.RequireRange("mapping_layers", MappingLayers, 0, 16);
        OptionException.RequireRange("stddev_group", StddevGroup, 1, 1024);
        var width = new Pyramid(Resolution, ChannelBase, ChannelMax);
        OptionException.RequireRange("stddev_channels", StddevChannels, 0, width.ChannelsAt(width.Base));
        if (StddevChannels > 0 && width.ChannelsAt(width.Base) % StddevChannels != 0)
            throw new OptionException($"stddev_channels: {StddevChannels} does not divide {width.ChannelsAt(width.Base)}, the "
                + "last block's channels");
        if (ClassHead && LabelDim == 0)
            throw new OptionException("class_head: true needs classes; this discriminator is unconditional");
        if (UnconditionalHead && LabelDim == 0)
            throw new OptionException("unconditional_head: true needs classes; this discriminator is unconditional");
        return this;
    }
}
