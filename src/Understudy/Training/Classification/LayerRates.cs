using Understudy.Networks;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// Layer-wise learning rates (Howard and Ruder's discriminative fine-tuning, arXiv 1801.06146, by block): decay to the power of a
/// block's depth below the last layer. A block is a residual block, or a convolution or matrix with the normalisation after it.
/// </summary>
internal static class LayerRates
{
    /// <summary>What the wrapper of a normalisation puts before a network's names.</summary>
    private const string Wrapper = "net.";

    /// <summary>A buffer with every value's factor, or null for a decay of 1.</summary>
    /// <param name="fresh">
    /// Names, as the network itself has them, whose values are random still: those learn at the full rate, however deep they are.
    /// </param>
    public static Tensor? Of(FlatParameters parameters, double decay, IReadOnlyCollection<string>? fresh = null)
    {
        if (decay == 1) return null;
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var depths = Depths(parameters.Module);
        var factors = ones_like(parameters.Values);
        foreach (var (name, view) in parameters.Views(factors))
            view.fill_(fresh?.Contains(Inside(name)) == true ? 1 : Math.Pow(decay, depths[name]));
        return factors.DetachFromDisposeScope();
    }

    /// <summary>Blocks between a parameter's and the last layer, counting its own: 0 for the last layer.</summary>
    public static IReadOnlyDictionary<string, int> Depths(nn.Module net)
    {
        var last = ClassifierWeights.LastLayer(net);
        var blocks = new List<List<string>>();
        var current = "";
        foreach (var (name, p) in net.named_parameters())
        {
            if (last.Contains(name)) continue;
            var block = BlockOf(name);
            // A batch norm stands under a name of its own, behind the convolution that it belongs to.
            if (blocks.Count == 0 || (block != current && p.dim() > 1)) blocks.Add([]);
            current = block;
            blocks[^1].Add(name);
        }
        var depths = blocks.Index().SelectMany(b => b.Item.Select(name => (name, Depth: blocks.Count - b.Index)))
            .ToDictionary(d => d.name, d => d.Depth);
        foreach (var name in last) depths[name] = 0;
        return depths;
    }

    private static string Inside(string name) =>
        name.StartsWith(Wrapper, StringComparison.Ordinal) ? name[Wrapper.Length..] : name;

    /// <summary>Names up to the last of the numbers that follow the first word: layer1.0 of layer1.0.conv2.weight.</summary>
    private static string BlockOf(string name)
    {
        var words = name.Split('.');
        // The wrapper of a normalisation is no block.
        var first = words[0] == "net" ? 1 : 0;
        var end = first + 1;
        while (end < words.Length && words[end].All(char.IsAsciiDigit)) end++;
        return string.Join('.', words[..end]);
    }
}
