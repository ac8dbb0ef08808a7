using Understudy.Common;

namespace Understudy.Networks.StyleGan2;

/// <summary>What a generator is made of. Defaults: the "cpu-tiny" preset at 32×32 grey.</summary>
public sealed record GeneratorOptions
{
    /// <summary>Height and width of the images: 4·2ᵏ, or 3·2ᵏ with a 3×3 base; 8 to 1024.</summary>
    public int Resolution { get; init; } = 32;

    /// <summary>Channels of the images: 1 grey, 3 RGB; 1 to 16.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Length of the label vector: the number of classes (one-hot), or 0 for an unconditional generator.</summary>
    public int LabelDim { get; init; }

    /// <summary>Length of the latent z, 1 to 4096.</summary>
    public int ZDim { get; init; } = 128;

    /// <summary>Length of the intermediate latent w, 1 to 4096.</summary>
    public int WDim { get; init; } = 128;

    /// <summary>Fully connected layers of the mapping network, 1 to 16.</summary>
    public int MappingLayers { get; init; } = 2;

    /// <summary>Width × resolution: a block at r pixels has min(⌊base / r⌋, max) channels.</summary>
    public int ChannelBase { get; init; } = 1024;

    /// <summary>Upper bound of a block's width.</summary>
    public int ChannelMax { get; init; } = 64;

    /// <summary>How the blocks are joined; the papers use <see cref="Architecture.Skip"/>.</summary>
    public Architecture Architecture { get; init; } = Architecture.Skip;

    /// <summary>The number format of feature maps.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Throws where a value makes no network.</summary>
    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public GeneratorOptions Validate()
    {
        Pyramid.Validate(Resolution, Channels, LabelDim, ChannelBase, ChannelMax);
        OptionException.RequireRange("z_dim", ZDim, 1, 4096);
        OptionException.RequireRange("w_dim", WDim, 1, 4096);
        OptionException.RequireRange("mapping_layers", MappingLayers, 1, 16);
        return this;
    }
}
