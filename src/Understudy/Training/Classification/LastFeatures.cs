using TorchSharp.Modules;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>What a network's final linear layer sees of images, beside what it makes of it.</summary>
internal sealed class LastFeatures : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _net;
    private readonly Action _unhook;
    private Tensor? _seen;

    /// <param name="net">In evaluation mode; stays the caller's.</param>
    /// <param name="head">Its last layer, of <see cref="HeadOf"/>.</param>
    public LastFeatures(nn.Module<Tensor, Tensor> net, Linear head)
    {
        _net = net;
        _unhook = head.register_forward_pre_hook((_, x) =>
        {
            _seen?.Dispose();
            _seen = x.detach().to(ScalarType.Float32).DetachFromDisposeScope();
            return x;
        }).remove;
    }

    /// <summary>The last layer of a network, or null where it is no matrix.</summary>
    public static Linear? HeadOf(nn.Module<Tensor, Tensor> net)
    {
        var inside = ClassifierNet.Inside(net);
        var weight = ClassifierWeights.LastLayer(inside)[0];
        return inside.named_modules().FirstOrDefault(m => m.name + ".weight" == weight).module as Linear;
    }

    /// <param name="images">[N, C, H, W], as the network takes them.</param>
    /// <returns>[N, F], float32, and the logits [N, K]; both of the caller's scope.</returns>
    public (Tensor Features, Tensor Logits) Of(Tensor images)
    {
        var logits = _net.call(images);
        return (_seen!.alias(), logits);
    }

    public void Dispose()
    {
        _unhook();
        _seen?.Dispose();
    }
}
