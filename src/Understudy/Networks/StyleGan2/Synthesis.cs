using TorchSharp;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>The synthesis network: blocks b4, b8, … (or b3, b6, …), each steered by its own w's.</summary>
internal sealed class Synthesis : nn.Module
{
    private readonly SynthesisBlock[] blocks;
    private readonly Precision precision;

    public Synthesis(GeneratorOptions options, Initialiser init) : base(nameof(Synthesis))
    {
        precision = options.Precision;
        var pyramid = new Pyramid(options.Resolution, options.ChannelBase, options.ChannelMax);
        blocks = new SynthesisBlock[pyramid.Resolutions.Count];
        var inputs = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            var (r, last) = (pyramid.Resolutions[i], i == blocks.Length - 1);
            blocks[i] = new SynthesisBlock(inputs, pyramid.ChannelsAt(r), r, last, options, init.In($"b{r}"));
            register_module($"b{r}", blocks[i]);
            inputs = pyramid.ChannelsAt(r);
        }
        RegisterComponents();
    }

    /// <summary>ws [N, NumWs, w_dim] to images [N, C, H, W] in the parameters' type.</summary>
    public Tensor Apply(Tensor ws, NoiseMode noise, torch.Generator? random)
    {
        using var scope = NewDisposeScope();
        var type = precision == Precision.BFloat16 ? ScalarType.BFloat16 : ws.dtype;
        var layers = ws.unbind(1);
        Tensor? x = null, image = null;
        var w = 0;
        foreach (var block in blocks)
        {
            (x, image) = block.Apply(x, image, layers, w, type, noise, random);
            w += block.Convolutions;
        }
        return image!.contiguous().MoveToOuterDisposeScope();
    }
}
