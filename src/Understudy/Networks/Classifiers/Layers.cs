using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// Layers one after another, numbered from 0 as those of libtorch's sequence are. A batch norm and the activation after it are one pass
/// (<see cref="BatchNormAct"/>).
/// </summary>
internal sealed class Layers : nn.Module<Tensor, Tensor>, IOnnxNetwork
{
    private readonly nn.Module<Tensor, Tensor>[] _layers;

    public Layers(params IReadOnlyCollection<nn.Module<Tensor, Tensor>> layers) : base(nameof(Layers))
    {
        _layers = [.. layers];
        for (int i = 0; i < _layers.Length; i++) register_module($"{i}", _layers[i]);
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        for (int i = 0; i < _layers.Length; i++)
        {
            if (_layers[i] is not BatchNorm2d norm)
            {
                x = _layers[i].call(x);
                continue;
            }
            var activation = i + 1 < _layers.Length ? ActivationOf(_layers[i + 1]) : null;
            x = BatchNormAct.Apply(norm, x, activation ?? Activation.Linear);
            if (activation is not null) i++;
        }
        return x.MoveToOuterDisposeScope();
    }

    string IOnnxNetwork.Emit(OnnxGraph graph, string x, string name) =>
        _layers.Index().Aggregate(x, (y, layer) => graph.Call(layer.Item, y, $"{name}{layer.Index}."));

    private static Activation? ActivationOf(nn.Module<Tensor, Tensor> layer) => layer switch
    {
        ReLU => Activation.Relu,
        SiLU => Activation.Swish,
        Hardswish => Activation.HardSwish,
        _ => null,
    };
}
